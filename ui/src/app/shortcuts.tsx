// Keys that work everywhere: g and a letter goes to a page, ? lists them.
import { Kbd, Modal, Table } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { rail } from "./rail";

interface Props {
  opened: boolean;
  onOpen: () => void;
  onClose: () => void;
}

export function Shortcuts({ opened, onOpen, onClose }: Props) {
  const navigate = useNavigate();
  const isGoing = useRef(false);
  useEffect(() => {
    function pressed(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = isGoing.current && rail.find(({ key }) => key === event.key);
      isGoing.current = event.key === "g";
      if (event.key === "?") onOpen();
      if (page) void navigate({ to: page.to });
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [navigate, onOpen]);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ "aria-label": "Close" }}>
      <Table>
        <Table.Tbody>
          {rail.map(({ key, label }) => (
            <Line key={key} keys={["g", key]} what={`Go to ${label}`} />
          ))}
          <Line keys={["←", "→"]} what="Previous or next channel, in Results" />
          <Line keys={["?"]} what="This list" />
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function Line({ keys, what }: { keys: string[]; what: string }) {
  return (
    <Table.Tr>
      <Table.Td>{what}</Table.Td>
      <Table.Td>
        {keys.map((key) => (
          <Kbd key={key} mr={4}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
