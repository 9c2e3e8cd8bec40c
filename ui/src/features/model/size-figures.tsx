// What the data cover and how much is asked of them; all of it from the server.
import { Text } from "@mantine/core";
import type { Size } from "./use-check";

const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

export function SizeFigures({ size }: { size: Size }) {
  const rows = size.geos.length > 1 ? `${whole.format(size.geos.length)} regions` : "one region";
  return (
    <>
      <dl className="figures">
        <Figure
          name="Data"
          value={`${whole.format(size.periods)} ${size.spacing}s`}
          more={`${size.first} to ${size.last}, ${rows}`}
        />
        <Figure name="To be learnt" value={whole.format(size.parameters)} more="figures of the model" />
        <Figure name="Data for each of them" value={fine.format(size.observations_per_parameter)} more="observations" />
        <Figure
          name="Room it takes"
          value={`${fine.format(size.posterior_bytes / 1e6)} MB`}
          more={`${whole.format(size.draws)} draws are kept`}
        />
      </dl>
      {size.observations_per_parameter < 5 && (
        <Text size="sm">
          There are few data for so many figures: expect wide ranges, and say what you believe where you can.
        </Text>
      )}
    </>
  );
}

function Figure({ name, value, more }: { name: string; value: string; more: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="value">{value}</span>
        <span className="soft">{more}</span>
      </dd>
    </div>
  );
}
