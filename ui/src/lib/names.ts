// Names that users gave, made fit for a label. They are text, whatever they look like.

/** At most `most` characters, the rest as an ellipsis; the whole name belongs in the tooltip and the table. */
export function short(name: string, most = 22): string {
  const characters = Array.from(oneLine(name));
  if (characters.length <= most) return isolated(characters.join(""));
  const begin = characters.slice(0, most - 1).join("");
  return isolated(`${begin.trimEnd()}…`);
}

/** A name that runs from right to left must not turn the numbers beside it round. */
function isolated(name: string): string {
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name;
}

/** Control characters and line breaks as spaces. */
export function oneLine(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}

/** "tv, radio and search"; behind `most` names "and 3 more". */
export function list(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).map((name) => short(name, 40));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop();
  return shown.length ? `${shown.join(", ")} and ${last}` : (last ?? "none");
}

/** "1 week", "12 weeks". */
export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
