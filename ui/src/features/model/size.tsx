// How large a run will be.
import { Text } from "@mantine/core";
import { count, figure } from "../../lib/numbers";

export function Size({ facts }: { facts: unknown }) {
  if (typeof facts !== "object" || facts === null || !("draws" in facts) || !("posterior_bytes" in facts)) return null;
  const { draws, posterior_bytes } = facts;
  if (typeof draws !== "number" || typeof posterior_bytes !== "number") return null;
  return (
    <Text size="sm" className="soft" mt="xs">
      A run keeps {count(draws)} draws, about {figure(posterior_bytes / 1e6)} MB.
    </Text>
  );
}
