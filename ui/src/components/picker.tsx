// One choice of a chart.

interface Props {
  label: string;
  options: readonly string[];
  /** What it means to choose nothing. */
  all: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function Picker({ label, options, all, value, onChange }: Props) {
  return (
    <label className="picker">
      <span>{label}</span>
      <select value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
