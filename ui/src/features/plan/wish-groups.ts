// Groups as they are wished for, and as they are asked of the server.
import type { Schemas } from "../../api/client";

/** Channels, or regions, that together get at least and at most such a share of all the money. */
export interface GroupWish {
  name: string;
  members: string[];
  min?: number | undefined;
  max?: number | undefined;
}

/** Those that say something: members and a limit. Members that are not planned (any more) are left out. */
export function askedOf(groups: readonly GroupWish[], known: readonly string[]): Schemas["GroupWords"][] {
  return groups.flatMap(({ name, members, min, max }) => {
    const planned = members.filter((member) => known.includes(member));
    if (planned.length === 0 || (min === undefined && max === undefined)) return [];
    return [{ name, members: planned, ...(min !== undefined && { min }), ...(max !== undefined && { max }) }];
  });
}

/** "Group A" and on, the first that is free. */
export function nextName(groups: readonly GroupWish[]): string {
  const taken = new Set(groups.map(({ name }) => name));
  for (let k = 0; ; k += 1) {
    const name = `Group ${k < 26 ? String.fromCharCode(65 + k) : k + 1}`;
    if (!taken.has(name)) return name;
  }
}

/** What can be in a group: channels, and regions where they are planned. */
export function membersOf(cells: readonly { channel: string; geo?: string }[]): string[] {
  return [...new Set([...cells.map(({ channel }) => channel), ...cells.flatMap(({ geo }) => geo ?? [])])];
}
