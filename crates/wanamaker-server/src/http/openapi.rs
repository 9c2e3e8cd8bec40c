//! The OpenAPI 3.1 document, made of the table of routes and of the types of bodies.

use super::route::{Access, Content, Route};
use super::routes;
use crate::problem::ProblemDetails;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The whole document. It depends on nothing but the program.
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut schemas = settings.into_generator();
    let problem = schemas.subschema_for::<ProblemDetails>();
    let mut paths = Map::new();
    for route in routes::all() {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(&route, &mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Wanamaker",
            "version": "1.0.0",
            "summary": "Bayesian marketing mix modelling over HTTP",
            "description": "Everything is JSON; names are snake_case, times RFC 3339 in UTC. Errors are `application/problem+json` \
                with a stable `code` and a pointer to each fault. What takes long is a job. Unknown fields are refused.",
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": {
                "Problem": {
                    "description": "What is wrong",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "An API key, `mmm_…`" },
                "key_header": { "type": "apiKey", "in": "header", "name": "X-Api-Key" },
                "session": { "type": "apiKey", "in": "cookie", "name": crate::auth::COOKIE },
            },
        },
    })
}

fn operation(route: &Route, schemas: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": route.id,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": parameters(route, schemas),
        "responses": responses(route, schemas),
    });
    match route.access {
        Access::Public => operation["security"] = json!([]),
        Access::Role(role) => {
            operation["security"] = json!([{ "key": [] }, { "key_header": [] }, { "session": [] }]);
            operation["x-role"] = json!(role);
        }
    }
    if !route.bodies.is_empty() {
        operation["requestBody"] =
            json!({ "required": !route.body_is_optional, "content": contents(&route.bodies, schemas) });
    }
    operation
}

fn parameters(route: &Route, schemas: &mut SchemaGenerator) -> Vec<Value> {
    let mut all = Vec::new();
    if route.path.contains("{id}") {
        all.push(json!({
            "name": "id", "in": "path", "required": true,
            "description": "A name that was given out",
            "schema": { "type": "string", "format": "uuid" },
        }));
    }
    if route.path.contains("{file}") {
        all.push(json!({
            "name": "file", "in": "path", "required": true,
            "description": "Name of a chart, with the form it is wanted in",
            "schema": { "type": "string", "pattern": "^[a-z-]+\\.(svg|png|csv)$" },
            "example": "returns.svg",
        }));
    }
    if let Some(query) = route.query {
        all.extend(fields_of(query, schemas));
    }
    if route.once {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key with the same body is answered with the same thing, for two days",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$" },
        }));
    }
    if route.takes_range {
        all.push(json!({
            "name": "Range", "in": "header", "required": false,
            "description": "One part of the bytes, as `bytes=0-1023`; what is no such range is answered with the whole",
            "schema": { "type": "string" },
            "example": "bytes=0-1023",
        }));
    }
    if route.if_match {
        all.push(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` that is known, or `*` for whatever is there",
            "schema": { "type": "string", "pattern": "^(\\*|\"[0-9]+\")$" },
            "example": "\"1\"",
        }));
    }
    if route.id == "watch_job" {
        all.push(json!({
            "name": "Last-Event-ID", "in": "header", "required": false,
            "description": "The last event that was seen",
            "schema": { "type": "integer", "format": "int64", "minimum": 0 },
        }));
    }
    all
}

/// The fields of a query, each a parameter.
fn fields_of(query: super::route::SchemaOf, schemas: &mut SchemaGenerator) -> Vec<Value> {
    let before: Vec<String> = schemas.definitions().keys().cloned().collect();
    let schema = query(schemas).to_value();
    let name =
        schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    // A query is no body: its schema stands with its parameters and nowhere else, unless it is a body as well.
    let found = schemas.definitions().get(&name).cloned();
    if !before.contains(&name) {
        schemas.definitions_mut().remove(&name);
    }
    let definition = found.unwrap_or(schema);
    let fields = definition["properties"].as_object().cloned().unwrap_or_default();
    fields
        .into_iter()
        .map(|(name, mut schema)| {
            let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
            without_null(&mut schema);
            json!({
                "name": name, "in": "query", "required": false,
                "description": description.unwrap_or_default(),
                "schema": schema,
            })
        })
        .collect()
}

/// A query field that is not there is left out; it is never null.
fn without_null(schema: &mut Value) {
    let kinds = schema.get("type").and_then(Value::as_array);
    if let Some(kind) = kinds.and_then(|kinds| kinds.iter().find(|kind| *kind != "null").cloned()) {
        schema["type"] = kind;
    }
    if let Some(kinds) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind["type"] != "null");
    }
}

fn responses(route: &Route, schemas: &mut SchemaGenerator) -> Value {
    let mut all = Map::new();
    for answer in &route.answers {
        let mut response = json!({ "description": answer.description });
        if !answer.contents.is_empty() {
            response["content"] = contents(&answer.contents, schemas);
        }
        if answer.status == 202 || answer.status == 201 {
            response["headers"] =
                json!({ "Location": { "description": "Where to go on", "schema": { "type": "string" } } });
        }
        all.insert(answer.status.to_string(), response);
    }
    for status in faults(route) {
        all.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    all.into()
}

/// Statuses of faults: its own, and those that its guard and its path bring.
fn faults(route: &Route) -> Vec<u16> {
    let mut all = route.faults.clone();
    all.extend([421, 429, 500]);
    if route.access != Access::Public {
        all.extend([401, 403]);
    }
    if route.method != axum::http::Method::GET {
        all.push(403);
    }
    if route.path.contains("{id}") {
        all.push(404);
    }
    if !route.bodies.is_empty() {
        all.push(408);
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn contents(contents: &[Content], schemas: &mut SchemaGenerator) -> Value {
    let one = |content: &Content, schemas: &mut SchemaGenerator| {
        let mut value = match content.schema {
            Some(schema) => json!({ "schema": schema(schemas) }),
            None => json!({}),
        };
        if let Some(example) = &content.example {
            value["example"] = example.clone();
        }
        value
    };
    contents
        .iter()
        .map(|content| (content.media_type.to_owned(), one(content, schemas)))
        .collect::<Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_document_is_the_one_that_is_served() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let text = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == text,
            "openapi.json is old; UPDATE_GOLDEN=1 cargo test -p wanamaker-server writes it"
        );
    }

    #[test]
    fn every_route_is_described_and_every_reference_leads_somewhere() {
        let document = document();
        let mut ids = Vec::new();
        for route in routes::all() {
            assert!(
                !route.summary.is_empty() && !route.tag.is_empty() && !route.answers.is_empty(),
                "{}",
                route.id
            );
            assert!(!ids.contains(&route.id), "{} stands twice", route.id);
            ids.push(route.id);
        }
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }
}
