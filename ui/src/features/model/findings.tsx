// What was found wrong or doubtful, beside the part it is about.
import { Alert, Stack, Text } from "@mantine/core";
import { createContext, useContext } from "react";
import type { Finding } from "../../api/problem";
import { Spoken } from "../../components/spoken";
import { sentence } from "../../lib/spoken";

/** All that was found in the spec on the page. */
export const Found = createContext<readonly Finding[]>([]);

const looks: Record<string, [string, string]> = {
  error: ["red", "To be mended"],
  attention: ["orange", "Look at this"],
  info: ["blue", "Worth knowing"],
};

/** Findings about the parts named; each is a pointer into the spec. */
export function FindingsAt({ at }: { at: readonly string[] }) {
  return <Findings of={useContext(Found).filter(({ pointer }) => at.some((part) => isWithin(pointer, part)))} />;
}

export function Findings({ of }: { of: readonly Finding[] }) {
  if (of.length === 0) return null;
  return (
    <Stack gap="xs">
      {of.map(({ severity, detail, hint }, k) => {
        const [color, title] = looks[severity] ?? ["gray", "Note"];
        return (
          <Alert key={k} color={color} variant="default" p="sm" title={title} className={`found ${severity}`}>
            <Text size="sm">
              <Spoken text={sentence(detail)} />
            </Text>
            {hint && (
              <Text size="sm" className="soft">
                <Spoken text={sentence(hint)} />
              </Text>
            )}
          </Alert>
        );
      })}
    </Stack>
  );
}

export function isWithin(pointer: string | null | undefined, part: string): boolean {
  const whole = `/spec${part}`;
  return pointer === whole || (pointer?.startsWith(`${whole}/`) ?? false);
}
