// Shows openapi.json as a page. Text is only ever set as text, never as markup.
"use strict";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  for (const child of children) made.append(child);
  return made;
}

function lookUp(api, schema) {
  if (!schema || !schema.$ref) return schema || {};
  return schema.$ref.slice(2).split("/").reduce((at, key) => at[key.replace(/~1/g, "/").replace(/~0/g, "~")], api);
}

function nameOf(schema) {
  if (!schema || schema === true) return "anything";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  const either = schema.anyOf || schema.oneOf;
  if (either) return either.map(nameOf).join(" | ");
  if (schema.type === "array") return "list of " + nameOf(schema.items);
  const types = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type;
  return types || "anything";
}

function fields(api, schema, depth) {
  const whole = lookUp(api, schema);
  if (!whole.properties) return null;
  const required = new Set(whole.required || []);
  const body = element("tbody");
  for (const [name, field] of Object.entries(whole.properties)) {
    const told = element("td", {}, field.description || lookUp(api, field).description || "");
    const inner = depth > 0 && field.$ref ? fields(api, field, depth - 1) : null;
    if (inner) told.append(element("details", {}, element("summary", {}, "fields"), inner));
    body.append(element("tr", {},
      element("td", {}, element("code", {}, name), required.has(name) ? " *" : ""),
      element("td", {}, nameOf(field)), told));
  }
  return element("table", {}, element("thead", {}, element("tr", {},
    element("th", { scope: "col" }, "field"), element("th", { scope: "col" }, "kind"), element("th", { scope: "col" }, "meaning"))), body);
}

function operation(api, path, method, told) {
  const part = element("section", { id: told.operationId });
  part.append(element("h3", {}, element("span", { class: "method" }, method.toUpperCase()), element("code", {}, path)));
  part.append(element("p", {}, told.summary + (told["x-role"] ? ` Needs the role ${told["x-role"]}.` : "")));
  if (told.parameters.length) {
    const rows = told.parameters.map(p => element("tr", {},
      element("td", {}, element("code", {}, p.name), p.required ? " *" : ""),
      element("td", {}, p.in), element("td", {}, nameOf(p.schema)), element("td", {}, p.description)));
    part.append(element("h4", {}, "Parameters"), element("table", {}, element("tbody", {}, ...rows)));
  }
  for (const [type, content] of Object.entries((told.requestBody || {}).content || {})) {
    part.append(element("h4", {}, "Body: " + type));
    if (content.example !== undefined) part.append(element("pre", {}, JSON.stringify(content.example, null, 2)));
    const table = fields(api, content.schema, 1);
    if (table) part.append(table);
  }
  part.append(element("h4", {}, "Answers"));
  for (const [status, answer] of Object.entries(told.responses)) {
    const whole = lookUp(api, answer);
    const contents = Object.entries(whole.content || {});
    const line = `${status} ${whole.description}${contents.length ? " (" + contents.map(c => c[0]).join(", ") + ")" : ""}`;
    const table = answer.$ref ? null : contents.map(c => fields(api, c[1].schema, 1)).find(Boolean);
    part.append(table ? element("details", {}, element("summary", {}, line), table) : element("div", {}, line));
  }
  return part;
}

async function show() {
  const intro = document.getElementById("intro");
  const answer = await fetch("/openapi.json");
  if (!answer.ok) { intro.textContent = "openapi.json cannot be read: " + answer.status; return; }
  const api = await answer.json();
  intro.textContent = api.info.description;
  const main = document.getElementById("main"), chapters = document.getElementById("chapters");
  const byTag = new Map();
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, told] of Object.entries(methods)) {
      const tag = told.tags[0];
      if (!byTag.has(tag)) byTag.set(tag, []);
      byTag.get(tag).push([path, method, told]);
    }
  for (const [tag, all] of byTag) {
    chapters.append(element("h2", {}, tag));
    main.append(element("h2", {}, tag));
    for (const [path, method, told] of all) {
      chapters.append(element("a", { href: "#" + told.operationId }, told.summary));
      main.append(operation(api, path, method, told));
    }
  }
  if (location.hash) { const at = document.getElementById(location.hash.slice(1)); if (at) at.scrollIntoView(); }
}

show();
