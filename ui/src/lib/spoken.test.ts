import { expect, it } from "vitest";
import { quoted, sentence, spans } from "./spoken";

it("tells names and commands from the words around them", () => {
  expect(spans("channel `tv` is zero; `mmm check` shows it")).toEqual([
    { text: "channel ", isVerbatim: false },
    { text: "tv", isVerbatim: true },
    { text: " is zero; ", isVerbatim: false },
    { text: "mmm check", isVerbatim: true },
    { text: " shows it", isVerbatim: false },
  ]);
  expect(quoted("did you mean `tv`?")).toBe("did you mean “tv”?");
});

it("leaves a lone backtick as it is", () => {
  expect(spans("a`b")).toEqual([{ text: "a`b", isVerbatim: false }]);
  expect(quoted("``")).toBe("``");
});

it("makes a sentence of a message", () => {
  expect(sentence("the chains do not agree")).toBe("The chains do not agree.");
  expect(sentence("did you mean `tv`?")).toBe("Did you mean `tv`?");
});
