// Colours of chains, which are not those of channels' places but come from the same set.
import type { Key } from "./legend";
import { dark, light } from "./palette";
import type { Look } from "./look";

export function chainColour(chain: number, look: Pick<Look, "theme">): string {
  const set = look.theme === "dark" ? dark : light;
  return set[chain % set.length] ?? "#888888";
}

export function chainKeys(chains: number, look: Pick<Look, "theme">): Key[] {
  return Array.from({ length: chains }, (_, chain) => ({
    name: `chain ${chain + 1}`,
    colour: chainColour(chain, look),
  }));
}
