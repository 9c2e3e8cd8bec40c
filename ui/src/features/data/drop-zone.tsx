// Where a file is dropped or chosen.
import { Button, FileButton, Text } from "@mantine/core";
import { useState, type DragEvent } from "react";

interface Props {
  isBusy: boolean;
  onFile: (file: File) => void;
}

const kinds = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.parquet,.arrow,.feather";

export function DropZone({ isBusy, onFile }: Props) {
  const [isOver, setOver] = useState(false);
  function hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    setOver(over);
  }
  function drop(event: DragEvent): void {
    hover(event, false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }
  return (
    <div
      className={isOver ? "drop over" : "drop"}
      onDragOver={(event) => hover(event, true)}
      onDragLeave={(event) => hover(event, false)}
      onDrop={drop}
    >
      <Text fw={600} mb="xs">
        Drop a file here
      </Text>
      <Text className="soft" size="sm" mb="md">
        CSV, TSV, Excel or Parquet. It stays on this server, byte for byte.
      </Text>
      <FileButton accept={kinds} onChange={(file) => file && onFile(file)}>
        {(props) => (
          <Button {...props} loading={isBusy}>
            Choose a file
          </Button>
        )}
      </FileButton>
    </div>
  );
}
