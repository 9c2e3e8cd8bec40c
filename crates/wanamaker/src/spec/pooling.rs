//! How geos share a coefficient.

use crate::prior::Prior;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// How geos share a coefficient: `"shared"`, `"independent"`, `"pooled"`, or `{ pooled = { scale = … } }`.
///
/// Pooled coefficients lie around the channel's mean: normally for coefficients of either sign,
/// log-normally for positive ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Pooling {
    /// One value for all geos.
    #[default]
    Shared,
    /// Each geo has its own, under the same prior.
    Independent,
    /// Each geo has its own, around a common mean with a scale learnt from the data.
    Pooled {
        /// Prior of the scale: standard deviation of the deviations (of their logarithm for positive coefficients).
        scale: Option<Prior>,
    },
}

impl Serialize for Pooling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        match self {
            Pooling::Shared => serializer.serialize_str("shared"),
            Pooling::Independent => serializer.serialize_str("independent"),
            Pooling::Pooled { scale: None } => serializer.serialize_str("pooled"),
            Pooling::Pooled { scale: Some(scale) } => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("pooled", &Details { scale: Some(scale.clone()) })?;
                map.end()
            }
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Details {
    #[serde(default)]
    scale: Option<Prior>,
}

impl<'de> Deserialize<'de> for Pooling {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Pooling;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"shared\", \"independent\", \"pooled\" or { pooled = { scale = … } }")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Pooling, E> {
                match word {
                    "shared" => Ok(Pooling::Shared),
                    "independent" => Ok(Pooling::Independent),
                    "pooled" => Ok(Pooling::Pooled { scale: None }),
                    _ => Err(E::unknown_variant(word, &["shared", "independent", "pooled"])),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pooling, A::Error> {
                let mut pooling = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key != "pooled" {
                        return Err(de::Error::unknown_field(&key, &["pooled"]));
                    }
                    pooling = Some(Pooling::Pooled { scale: map.next_value::<Details>()?.scale });
                }
                pooling.ok_or_else(|| de::Error::missing_field("pooled"))
            }
        }
        deserializer.deserialize_any(Words)
    }
}

impl JsonSchema for Pooling {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pooling".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let details = generator.subschema_for::<Details>();
        json_schema!({
            "description": "How geos share a coefficient.",
            "oneOf": [
                { "enum": ["shared", "independent", "pooled"] },
                { "type": "object", "properties": { "pooled": details }, "required": ["pooled"], "additionalProperties": false }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back() {
        for text in [
            r#""shared""#,
            r#""independent""#,
            r#""pooled""#,
            r#"{"pooled":{"scale":{"half_normal":{"sd":0.5}}}}"#,
        ] {
            let pooling: Pooling = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&pooling).unwrap(), text);
        }
        assert!(serde_json::from_str::<Pooling>(r#""sharde""#).is_err());
        assert!(serde_json::from_str::<Pooling>(r#"{"pooled":{"scal":1}}"#).is_err());
    }
}
