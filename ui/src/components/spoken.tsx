// A message of the program: names and commands in it stand out, without backticks.
import { spans } from "../lib/spoken";

export function Spoken({ text }: { text: string }) {
  return (
    <>
      {spans(text).map(({ text, isVerbatim }, k) =>
        isVerbatim ? (
          <code key={k} className="spoken" dir="auto">
            {text}
          </code>
        ) : (
          text
        ),
      )}
    </>
  );
}
