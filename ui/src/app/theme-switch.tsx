// Light, dark, or as the system has it.
import { SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";

const choices = [
  { value: "system", label: "Auto" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export function ThemeSwitch() {
  const { theme } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      data={choices}
      aria-label="Theme"
      value={theme ?? "system"}
      onChange={(value) =>
        void navigate({
          to: ".",
          replace: true,
          search: (now) => ({ ...now, theme: value === "light" || value === "dark" ? value : undefined }),
        })
      }
    />
  );
}
