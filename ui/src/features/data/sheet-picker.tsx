// Which sheet of a workbook the data are on. Another sheet has other columns, so what was said about them is forgotten.
import { NativeSelect } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

interface Props {
  sheets: readonly string[];
  sheet: string | undefined;
}

export function SheetPicker({ sheets, sheet }: Props) {
  const navigate = useNavigate({ from: "/data/$id" });
  if (sheets.length < 2) return null;
  const choose = (sheet: string) =>
    void navigate({ search: ({ theme }) => ({ ...(theme && { theme }), sheet }), resetScroll: false });
  return (
    <NativeSelect
      label="Sheet"
      maw={320}
      mb="sm"
      value={sheet ?? ""}
      data={[...sheets]}
      onChange={({ currentTarget: { value } }) => choose(value)}
    />
  );
}
