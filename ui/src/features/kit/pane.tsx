// Decides what stands where data is awaited: a skeleton, what went wrong, that there is nothing, or the thing itself.
import { Alert, Button, List, Skeleton, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../../api/problem";
import { Spoken } from "../../components/spoken";

interface Props<T> {
  query: UseQueryResult<T>;
  height?: number;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

export function Pane<T>({ query, height = 160, isEmpty, empty, children }: Props<T>) {
  if (query.isError) return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <Stack aria-busy="true" role="status" aria-label="Loading" gap="sm">
        <Skeleton height={18} width="40%" />
        <Skeleton height={height} />
      </Stack>
    );
  if (isEmpty?.(query.data)) return <>{empty}</>;
  return <>{children(query.data)}</>;
}

export function Trouble({ error, onRetry }: { error: Error | null; onRetry?: () => void }) {
  if (!error) return null;
  const findings = error instanceof Problem ? error.findings : [];
  return (
    <Alert color="red" title="This did not work" role="alert">
      <Text size="sm">
        <Spoken text={error.message} />
      </Text>
      {findings.length > 0 && (
        <List size="sm" mt="xs">
          {findings.map(({ detail, hint, pointer }, k) => (
            <List.Item key={k}>
              <Spoken text={detail} />{" "}
              {hint && (
                <em>
                  <Spoken text={hint} />
                </em>
              )}{" "}
              {pointer && <code>{pointer}</code>}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
