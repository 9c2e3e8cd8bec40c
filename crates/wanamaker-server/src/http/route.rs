//! A route: its handler, who may use it and what is said of it, in one place. The router and the OpenAPI document are made
//! of the same table, so that there is no route without a guard and none without a description.

use crate::app::App;
use crate::auth::Role;
use crate::http::reply::Form;
use axum::http::Method;
use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: health, documentation, the login.
    Public,
    /// Those with this role or a higher one.
    Role(Role),
}

/// Writes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// A body that can be sent or comes back.
#[derive(Clone)]
pub struct Content {
    /// Its media type.
    pub media_type: &'static str,
    /// Its schema; none for bytes.
    pub schema: Option<SchemaOf>,
    /// An example.
    pub example: Option<Value>,
}

/// An answer.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// What it means.
    pub description: &'static str,
    /// Its bodies, by media type; none for an empty one.
    pub contents: Vec<Content>,
}

/// One route.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path, with `{id}` for names.
    pub path: &'static str,
    /// Name of the operation, also in metrics and under idempotency keys.
    pub id: &'static str,
    /// Chapter of the documentation.
    pub tag: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Who may use it.
    pub access: Access,
    /// What carries it out.
    pub handler: MethodRouter<App>,
    /// Its query.
    pub query: Option<SchemaOf>,
    /// Bodies that it takes.
    pub bodies: Vec<Content>,
    /// Whether a body may be left out.
    pub body_is_optional: bool,
    /// What it answers when all is well.
    pub answers: Vec<Answer>,
    /// Further statuses of faults.
    pub faults: Vec<u16>,
    /// Whether it takes an `Idempotency-Key`.
    pub once: bool,
    /// Whether it asks for `If-Match`.
    pub if_match: bool,
    /// Whether it takes a `Range`.
    pub takes_range: bool,
}

impl Route {
    /// A route with nothing but its name.
    pub fn new(
        method: Method,
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: MethodRouter<App>,
    ) -> Self {
        Self {
            method,
            path,
            id,
            tag: "",
            summary: "",
            access,
            handler,
            query: None,
            bodies: Vec::new(),
            body_is_optional: false,
            answers: Vec::new(),
            faults: Vec::new(),
            once: false,
            if_match: false,
            takes_range: false,
        }
    }

    /// Chapter and line.
    pub fn about(mut self, tag: &'static str, summary: &'static str) -> Self {
        (self.tag, self.summary) = (tag, summary);
        self
    }

    /// Its query.
    pub fn query<T: JsonSchema>(mut self) -> Self {
        self.query = Some(SchemaGenerator::subschema_for::<T>);
        self.faults.push(400);
        self
    }

    /// A body of JSON.
    pub fn body<T: JsonSchema>(mut self, example: Value) -> Self {
        self.bodies.push(Content {
            media_type: "application/json",
            schema: Some(SchemaGenerator::subschema_for::<T>),
            example: Some(example),
        });
        self.faults.extend([400, 413, 415, 422]);
        self
    }

    /// A body of bytes.
    pub fn bytes(mut self, media_type: &'static str) -> Self {
        let text: SchemaOf = |_| schemars::json_schema!({ "type": "string", "minLength": 1 });
        let schema = media_type.starts_with("text/").then_some(text);
        self.bodies.push(Content { media_type, schema, example: None });
        self.faults.extend([400, 413, 415, 422]);
        self
    }

    /// A form with a part named `file`.
    pub fn form(mut self) -> Self {
        let schema: SchemaOf = |_| {
            schemars::json_schema!({
                "type": "object",
                "required": ["file"],
                "additionalProperties": false,
                "properties": { "file": { "type": "string", "contentMediaType": "application/octet-stream", "minLength": 1 } },
            })
        };
        self.bodies.push(Content { media_type: "multipart/form-data", schema: Some(schema), example: None });
        self.faults.extend([400, 408, 413, 415, 422]);
        self
    }

    /// Its body may be left out.
    pub fn optional_body(mut self) -> Self {
        self.body_is_optional = true;
        self
    }

    /// An answer of JSON.
    pub fn json<T: JsonSchema>(mut self, status: u16, description: &'static str) -> Self {
        let schema = Some(SchemaGenerator::subschema_for::<T> as SchemaOf);
        let content = Content { media_type: "application/json", schema, example: None };
        self.answers.push(Answer { status, description, contents: vec![content] });
        self
    }

    /// The answer before can also come in the other forms of a table.
    pub fn or_table(mut self) -> Self {
        let others = Form::ALL.iter().filter(|form| **form != Form::Json);
        let contents =
            others.map(|form| Content { media_type: form.media_type(), schema: None, example: None });
        if let Some(answer) = self.answers.last_mut() {
            answer.contents.extend(contents);
        }
        self.faults.extend([406, 422]);
        self
    }

    /// An answer of bytes in several forms, of which parts can be asked for.
    pub fn ranges(mut self, description: &'static str, forms: &[Form]) -> Self {
        let contents =
            forms.iter().map(|form| Content { media_type: form.media_type(), schema: None, example: None });
        let contents: Vec<Content> = contents.collect();
        let part = "The part that was asked for";
        self.answers.push(Answer { status: 200, description, contents: contents.clone() });
        self.answers.push(Answer { status: 206, description: part, contents });
        self.faults.extend([406, 416]);
        self.takes_range = true;
        self
    }

    /// The answer before can also come as a page.
    pub fn or_html(mut self) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.contents.push(Content { media_type: "text/html", schema: None, example: None });
        }
        self
    }

    /// An answer of some media type, or an empty one.
    pub fn plain(mut self, status: u16, description: &'static str, media_type: Option<&'static str>) -> Self {
        let contents = media_type
            .map(|media_type| Content { media_type, schema: None, example: None })
            .into_iter()
            .collect();
        self.answers.push(Answer { status, description, contents });
        self
    }

    /// Further faults.
    pub fn faults(mut self, statuses: &[u16]) -> Self {
        self.faults.extend(statuses);
        self
    }

    /// It changes what others may have changed, and needs `If-Match`.
    pub fn if_match(mut self) -> Self {
        self.if_match = true;
        self.faults.extend([400, 412, 428]);
        self
    }

    /// It makes something, and takes an `Idempotency-Key`.
    pub fn once(mut self) -> Self {
        self.once = true;
        self.faults.extend([400, 409, 422]);
        self
    }
}
