//! What stands before every handler: who asks, whether they may, and whether they ask too often.

use super::route::Access;
use crate::app::App;
use crate::auth::{self, Caller};
use crate::problem::{ApiError, Outcome};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

/// The guard of one route.
#[derive(Clone)]
pub struct Guard {
    /// The server.
    pub app: App,
    /// Who may use the route.
    pub access: Access,
    /// Its name.
    pub route: &'static str,
}

/// The name of the route that answered, for the layers outside.
#[derive(Clone, Copy, Debug)]
pub struct RouteName(pub &'static str);

/// Lets through who may.
pub async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let mut response = match admit(&guard, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    response.extensions_mut().insert(RouteName(guard.route));
    response
}

async fn admit(guard: &Guard, request: &mut Request) -> Outcome<()> {
    let app = &guard.app;
    same_origin(request.method(), request.headers())?;
    let Access::Role(least) = guard.access else {
        return app.limits.request(&address(request));
    };
    let caller = match auth::prove(app, request.headers()).await {
        Ok(caller) => caller,
        Err(error) => {
            // Guessing keys is bounded by address.
            app.limits.request(&address(request))?;
            return Err(error);
        }
    };
    app.limits.request(&caller.name)?;
    if caller.role < least {
        let detail = format!("this needs the role {}, yours is {}", least.word(), caller.role.word());
        return Err(ApiError::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

/// A page of another site must not make a browser write here, cookie or no cookie.
fn same_origin(method: &Method, headers: &HeaderMap) -> Outcome<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text =
        |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?").to_owned());
    let refused = ApiError::new(StatusCode::FORBIDDEN, "cross_site", "a page of another site asked for this");
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site") {
        return Err(refused);
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => Ok(()),
        (Some(origin), Some(host)) if origin.split_once("://").is_some_and(|(_, of)| of == host) => Ok(()),
        _ => Err(refused),
    }
}

/// The address that a request came from; of IPv6 the part that one customer has.
pub fn address(request: &Request) -> String {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    match address {
        Some(IpAddr::V6(address)) => {
            let s = address.segments();
            format!("{:x}:{:x}:{:x}:{:x}::", s[0], s[1], s[2], s[3])
        }
        Some(address) => address.to_string(),
        None => "unknown".to_owned(),
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(auth::unauthorized)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_from_other_sites_are_refused_and_programs_are_not() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        let post = |pairs| same_origin(&Method::POST, &headers(pairs)).is_ok();
        assert!(post(&[("host", "localhost:8000")]));
        assert!(post(&[("host", "localhost:8000"), ("origin", "http://localhost:8000")]));
        assert!(!post(&[("host", "localhost:8000"), ("origin", "http://evil.example")]));
        assert!(!post(&[("host", "localhost:8000"), ("origin", "null")]));
        assert!(!post(&[("host", "localhost:8000"), ("sec-fetch-site", "cross-site")]));
        assert!(same_origin(&Method::GET, &headers(&[("origin", "http://evil.example")])).is_ok());
    }
}
