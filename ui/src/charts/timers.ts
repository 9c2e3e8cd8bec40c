// ECharts puts off what a picture does not need (hover, resizing) with timers. An engine without timers never does it.
const bare = globalThis as { setTimeout?: unknown; clearTimeout?: unknown };

bare.setTimeout ??= () => 0;
bare.clearTimeout ??= () => undefined;

export {};
