//! A prior as it is read and written, and its schema.

use super::Prior;
use super::forms::{FORMS, HORSESHOE, accepted, families};
use super::quantity::Quantity;
use crate::problem::nearest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

impl fmt::Display for Prior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |values: Vec<String>| values.join(", ");
        match self {
            Prior::Fixed(quantity) => write!(f, "{quantity}"),
            Prior::Horseshoe(values) => {
                write!(f, "horseshoe({})", join(values.iter().map(ToString::to_string).collect()))
            }
            Prior::Family { family, arguments } => {
                let positional = FORMS.iter().find(|form| form.family == *family).map(|form| form.arguments);
                let names: Vec<&str> = arguments.iter().map(|(name, _)| *name).collect();
                let by_position = positional == Some(names.as_slice());
                let values = arguments.iter().map(|(name, value)| {
                    if by_position { value.to_string() } else { format!("{name}={value}") }
                });
                write!(f, "{family}({})", join(values.collect()))
            }
        }
    }
}

impl Serialize for Prior {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Arguments<'a>(Vec<(&'a str, &'a Quantity)>);
        impl Serialize for Arguments<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(self.0.len()))?;
                for (name, value) in &self.0 {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
        let (family, arguments) = match self {
            Prior::Fixed(quantity) => return quantity.serialize(serializer),
            Prior::Family { family, arguments } => {
                (*family, arguments.iter().map(|(n, q)| (*n, q)).collect())
            }
            Prior::Horseshoe(values) => ("horseshoe", HORSESHOE.iter().copied().zip(values).collect()),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(family, &Arguments(arguments))?;
        map.end()
    }
}

/// The arguments of a family as they stand in a document.
enum RawArguments {
    One(Quantity),
    Positional(Vec<Quantity>),
    Named(Vec<(String, Quantity)>),
}

impl<'de> Deserialize<'de> for RawArguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = RawArguments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("arguments such as [0, 1] or { mean = 0, sd = 1 }")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<RawArguments, E> {
                Ok(RawArguments::One(Quantity::Number(number)))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawArguments, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<RawArguments, E> {
                self.visit_f64(number as f64)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawArguments, E> {
                Quantity::parse(text).map(RawArguments::One).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawArguments, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element()? {
                    values.push(value);
                }
                Ok(RawArguments::Positional(values))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawArguments, A::Error> {
                let mut values = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    values.push(entry);
                }
                Ok(RawArguments::Named(values))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

fn assemble(family: &str, raw: RawArguments) -> Result<Prior, String> {
    let known = families();
    let Some(family) = known.iter().copied().find(|name| *name == family) else {
        let hint = match nearest(family, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known: {}", known.join(", ")),
            None => format!("known: {}", known.join(", ")),
        };
        return Err(format!("`{family}` is not a distribution\n{hint}"));
    };
    if family == "fixed" {
        return match raw {
            RawArguments::One(quantity) => Ok(Prior::Fixed(quantity)),
            _ => Err("`fixed` takes one number\nwrite e.g. { fixed = 0.5 } or simply 0.5".into()),
        };
    }
    let forms: Vec<&[&'static str]> = if family == "horseshoe" {
        vec![HORSESHOE]
    } else {
        FORMS.iter().filter(|form| form.family == family).map(|form| form.arguments).collect()
    };
    let takes = forms.iter().map(|names| names.join(", ")).collect::<Vec<_>>().join(" or ");
    let raw = match raw {
        RawArguments::One(quantity) => RawArguments::Positional(vec![quantity]),
        other => other,
    };
    let (names, values): (&[&'static str], Vec<Quantity>) = match raw {
        RawArguments::Positional(values) if values.len() == forms[0].len() => (forms[0], values),
        RawArguments::Positional(values) => {
            let (wanted, found) = (forms[0].len(), values.len());
            return Err(format!(
                "{family} takes {wanted} numbers in the order {}, not {found}\nor name them: {takes}",
                forms[0].join(", ")
            ));
        }
        RawArguments::Named(entries) => {
            let entries: Vec<(String, Quantity)> =
                entries.into_iter().map(|(name, value)| (accepted(family, &name), value)).collect();
            if let Some((unknown, _)) =
                entries.iter().find(|(name, _)| !forms.iter().any(|form| form.contains(&name.as_str())))
            {
                return Err(format!("`{unknown}` is not an argument of {family}\nit takes {takes}"));
            }
            let form = forms.iter().find(|form| {
                form.len() == entries.len()
                    && form.iter().all(|name| entries.iter().any(|(other, _)| other == name))
            });
            let Some(form) = form else {
                let given: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
                return Err(format!("{family} cannot be stated by {}\nit takes {takes}", given.join(", ")));
            };
            let values = form.iter().filter_map(|name| entries.iter().find(|(other, _)| other == name));
            (form, values.map(|(_, value)| *value).collect())
        }
        RawArguments::One(_) => return Err(format!("{family} takes {takes}")),
    };
    Ok(if family == "horseshoe" {
        Prior::Horseshoe(values)
    } else {
        Prior::Family { family, arguments: names.iter().copied().zip(values).collect() }
    })
}

impl<'de> Deserialize<'de> for Prior {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Prior;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number (fixed) or a distribution such as { half_normal = { sd = 1 } }")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Prior, E> {
                Ok(Prior::Fixed(Quantity::Number(number)))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Prior, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Prior, E> {
                self.visit_f64(number as f64)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Prior, E> {
                Quantity::parse(text).map(Prior::Fixed).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Prior, A::Error> {
                let Some((family, raw)) = map.next_entry::<String, RawArguments>()? else {
                    return Err(de::Error::custom(
                        "a prior is empty\nname a distribution, e.g. { normal = [0, 1] }",
                    ));
                };
                let prior = assemble(&family, raw).map_err(de::Error::custom)?;
                if let Some((second, _)) = map.next_entry::<String, de::IgnoredAny>()? {
                    let message =
                        format!("a prior names one distribution, not `{family}` and `{second}`\nkeep one");
                    return Err(de::Error::custom(message));
                }
                Ok(prior)
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl JsonSchema for Prior {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Prior".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let quantity = serde_json::json!({ "type": ["number", "string"] });
        let families: Vec<serde_json::Value> = families()
            .into_iter()
            .map(|family| {
                let mut names: Vec<&str> = if family == "horseshoe" {
                    HORSESHOE.to_vec()
                } else {
                    FORMS
                        .iter()
                        .filter(|form| form.family == family)
                        .flat_map(|form| form.arguments.iter().copied())
                        .collect()
                };
                names.sort_unstable();
                names.dedup();
                let named: serde_json::Map<String, serde_json::Value> =
                    names.into_iter().map(|name| (name.to_owned(), quantity.clone())).collect();
                serde_json::json!({
                    "type": "object",
                    "required": [family],
                    "additionalProperties": false,
                    "properties": { family: { "anyOf": [
                        quantity,
                        { "type": "array", "items": quantity },
                        { "type": "object", "properties": named }
                    ] } }
                })
            })
            .collect();
        let mut any = vec![quantity];
        any.extend(families);
        json_schema!({ "description": "A fixed number, or a distribution with its arguments in order or by name.", "anyOf": any })
    }
}
