// The icons of the rail, drawn here.
const strokes = {
  home: "M3 11 12 4l9 7M6 10v10h12V10",
  data: "M4 5h16v14H4zM4 10h16M4 15h16M10 5v14",
  model: "M6 4v16M12 4v16M18 4v16M4 9h4M10 15h4M16 7h4",
  runs: "M12 4a8 8 0 1 0 8 8M12 8v4l3 2",
  results: "M4 20h16M7 20v-6M12 20V6M17 20v-9",
  plan: "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
  reports: "M6 3h9l4 4v14H6zM9 12h7M9 16h7",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
};

export type IconName = keyof typeof strokes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d={strokes[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
