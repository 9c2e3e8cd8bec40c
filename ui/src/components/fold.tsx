// Something that is folded on the screen and open on paper; what is in it is made when it is first opened.
import { use, useState, type ReactNode } from "react";
import { PrintingContext } from "./printing";

interface Props {
  id?: string;
  title: string;
  lead: string;
  children: () => ReactNode;
}

export function Fold({ id, title, lead, children }: Props) {
  const printing = use(PrintingContext);
  const [opened, setOpened] = useState(false);
  const head = (
    <>
      <span className="title">{title}</span>
      <span className="soft">{lead}</span>
    </>
  );
  if (printing)
    return (
      <div id={id} className="fold">
        <p className="summary">{head}</p>
        {children()}
      </div>
    );
  return (
    <details id={id} className="fold" onToggle={(event) => setOpened(opened || event.currentTarget.open)}>
      <summary>{head}</summary>
      {opened && children()}
    </details>
  );
}
