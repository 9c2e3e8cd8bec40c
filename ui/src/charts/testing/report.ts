// A made-up report with every exhibit, for tests and pictures.
import type { Report } from "../../api/report";
import { findings, health } from "./checks";
import { analysis } from "./analysis";
import { about, usualMarket, type Market } from "./market";
import { foresight } from "./foresight";
import { media } from "./media";
import { money } from "./money";

export function report(change: Partial<Market> = {}): Report {
  const market = { ...usualMarket, ...change };
  return {
    about: { ...about(market), warnings: findings },
    exhibits: { health, ...media(market), ...money(market), ...analysis(market), ...foresight(market) },
  };
}
