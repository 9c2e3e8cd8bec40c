// Messages of the program set names and commands in backticks. A page shows them as words of their own.
export interface Span {
  text: string;
  /** Whether it is a name or a command, to be taken as it is written. */
  isVerbatim: boolean;
}

const verbatim = /`([^`]+)`/g;

export function spans(message: string): Span[] {
  // Every second part is what stood between backticks.
  return message
    .split(verbatim)
    .map((text, k) => ({ text, isVerbatim: k % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** The same where there is only plain text: names in quotation marks. */
export const quoted = (message: string) => message.replace(verbatim, "“$1”");

/** Messages come in lower case without a full stop, as a compiler's do. */
export function sentence(message: string): string {
  const first = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
