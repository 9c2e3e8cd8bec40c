//! The table of routes: every path with its handler, who may use it, and what is said of it.

use super::handlers::{
    access, datasets, drafts, exports, fits, jobs, older, older_predict, planning, planning_words, reports,
    results, results_words, simulations, specs, system, webhooks,
};
use super::route::{Access, Route};
use crate::auth::Role;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::{delete, get, post, put};
use serde_json::{Value, json};

const PUBLIC: Access = Access::Public;
const VIEWER: Access = Access::Role(Role::Viewer);
const ANALYST: Access = Access::Role(Role::Analyst);
const ADMIN: Access = Access::Role(Role::Admin);

/// All routes, in the order of the documentation.
pub fn all() -> Vec<Route> {
    let chapters = [
        data(),
        specs_and_fits(),
        drafts(),
        answers(),
        watching(),
        telling(),
        people(),
        server(),
        older_tool(),
    ];
    chapters.into_iter().flatten().collect()
}

/// What a look at a sheet may fail with.
const OF_SHEET: [u16; 3] = [410, 422, 503];

fn data() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/api/v1/datasets",
            "create_dataset",
            ANALYST,
            post(datasets::upload).layer(DefaultBodyLimit::disable()),
        )
        .about("Datasets", "Upload a file: CSV, TSV, Parquet, Arrow, XLSX, XLS, ODS")
        .query::<datasets::UploadQuery>()
        .form()
        .bytes("application/octet-stream")
        .bytes("text/csv")
        .json::<datasets::DatasetView>(201, "The dataset, with what was found in it and a spec to begin from")
        .faults(&[408, 503, 507])
        .once(),
        Route::new(Method::GET, "/api/v1/datasets", "list_datasets", VIEWER, get(datasets::list))
            .about("Datasets", "Datasets, the youngest first")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<datasets::DatasetLine>>(200, "One page"),
        Route::new(Method::GET, "/api/v1/datasets/{id}", "get_dataset", VIEWER, get(datasets::one))
            .about("Datasets", "One dataset, with what was found in it, or in one of its sheets")
            .query::<datasets::SheetQuery>()
            .json::<datasets::DatasetView>(200, "The dataset")
            .faults(&OF_SHEET),
        Route::new(
            Method::DELETE,
            "/api/v1/datasets/{id}",
            "delete_dataset",
            ANALYST,
            delete(datasets::remove),
        )
        .about("Datasets", "Remove a dataset that no fit was ordered for")
        .plain(204, "It is gone", None)
        .faults(&[409]),
        Route::new(
            Method::GET,
            "/api/v1/datasets/{id}/preview",
            "preview_dataset",
            VIEWER,
            get(datasets::preview),
        )
        .about("Datasets", "The first rows")
        .query::<datasets::PreviewQuery>()
        .json::<datasets::Preview>(200, "Up to a hundred rows")
        .or_table()
        .faults(&OF_SHEET),
        Route::new(
            Method::GET,
            "/api/v1/datasets/{id}/file",
            "get_dataset_file",
            VIEWER,
            get(datasets::file),
        )
        .about("Datasets", "The file, byte for byte as it came")
        .plain(200, "The file", Some("application/octet-stream"))
        .faults(&[410]),
        Route::new(
            Method::GET,
            "/api/v1/datasets/{id}/truth",
            "get_dataset_truth",
            VIEWER,
            get(datasets::truth),
        )
        .about("Datasets", "The truth behind a simulated market")
        .json::<Value>(200, "Everything that made the market"),
        Route::new(
            Method::POST,
            "/api/v1/simulations",
            "create_simulation",
            ANALYST,
            post(simulations::create),
        )
        .about("Datasets", "Simulate a market whose truth is known")
        .body::<crate::worker::SimulationOptions>(json!({ "preset": "recoverable", "seed": 1 }))
        .json::<datasets::DatasetView>(201, "The dataset")
        .faults(&[503, 507])
        .once(),
    ]
}

fn specs_and_fits() -> Vec<Route> {
    let example = "01890a5d-ac96-774b-bcce-b302099a8057";
    vec![
        Route::new(Method::POST, "/api/v1/specs/check", "check_spec", VIEWER, post(specs::check))
            .about("Specs", "Hold a spec against a dataset before anything is fitted")
            .body::<specs::CheckRequest>(json!({ "dataset": example }))
            .json::<specs::CheckAnswer>(200, "Findings and the size of the fit")
            .faults(&[404, 410, 503]),
        Route::new(Method::POST, "/api/v1/specs/prior", "preview_prior", VIEWER, post(specs::prior))
            .about("Specs", "Show what a spec believes before anything is fitted")
            .body::<specs::PriorRequest>(json!({ "dataset": example }))
            .json::<wanamaker::report::prior_preview::PriorPreview>(200, "Markets drawn from the prior")
            .faults(&[404, 410, 503]),
        Route::new(Method::GET, "/api/v1/specs/schema", "get_spec_schema", VIEWER, get(specs::schema))
            .about("Specs", "The JSON Schema of a spec")
            .json::<Value>(200, "The schema"),
        Route::new(Method::GET, "/api/v1/specs/presets", "list_presets", VIEWER, get(specs::presets))
            .about("Specs", "The presets that fill in what a spec leaves out")
            .json::<specs::Presets>(200, "The presets"),
        Route::new(Method::POST, "/api/v1/specs/from-toml", "read_toml_spec", VIEWER, post(specs::from_toml))
            .about("Specs", "Read an mmm.toml and answer with the same spec in JSON")
            .bytes("text/plain")
            .json::<Value>(200, "`{\"spec\": …}`"),
        Route::new(Method::POST, "/api/v1/fits", "create_fit", ANALYST, post(fits::create))
            .about("Fits", "Order a fit; a job makes it")
            .body::<fits::FitRequest>(json!({ "dataset": example, "name": "first look" }))
            .json::<fits::FitView>(202, "The fit as ordered; `Location` is its job")
            .faults(&[404, 410, 503, 507])
            .once(),
        Route::new(Method::GET, "/api/v1/fits", "list_fits", VIEWER, get(fits::list))
            .about("Fits", "Fits, ordered and done, the youngest first")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<fits::FitLine>>(200, "One page"),
        Route::new(Method::GET, "/api/v1/fits/{id}", "get_fit", VIEWER, get(fits::one))
            .about("Fits", "One fit")
            .json::<fits::FitView>(200, "The fit"),
        Route::new(Method::DELETE, "/api/v1/fits/{id}", "delete_fit", ANALYST, delete(fits::remove))
            .about("Fits", "Remove a fit whose job is over, with its job")
            .plain(204, "It is gone", None)
            .faults(&[409]),
        Route::new(Method::GET, "/api/v1/fits/{id}/file", "get_fit_file", VIEWER, get(fits::file))
            .about("Fits", "The fit file, as `mmm fit` writes it")
            .plain(200, "fit.mmm", Some("application/octet-stream"))
            .faults(&[409, 410]),
    ]
}

fn drafts() -> Vec<Route> {
    let example = json!({ "name": "with radio", "kind": "spec", "content": { "channel": [] } });
    vec![
        Route::new(Method::POST, "/api/v1/drafts", "create_draft", ANALYST, post(drafts::create))
            .about("Drafts", "Keep a spec or a plan that is not ready yet")
            .body::<drafts::DraftRequest>(example.clone())
            .json::<drafts::DraftView>(201, "The draft")
            .faults(&[404, 507])
            .once(),
        Route::new(Method::GET, "/api/v1/drafts", "list_drafts", VIEWER, get(drafts::list))
            .about("Drafts", "Drafts, the youngest first")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<drafts::DraftLine>>(200, "One page"),
        Route::new(Method::GET, "/api/v1/drafts/{id}", "get_draft", VIEWER, get(drafts::one))
            .about("Drafts", "One draft")
            .json::<drafts::DraftView>(200, "The draft; its revision is the `ETag`"),
        Route::new(Method::PUT, "/api/v1/drafts/{id}", "replace_draft", ANALYST, put(drafts::replace))
            .about("Drafts", "Write a draft anew, if nobody else has")
            .body::<drafts::DraftRequest>(example)
            .json::<drafts::DraftView>(200, "The draft; its new revision is the `ETag`")
            .faults(&[507])
            .if_match(),
        Route::new(Method::DELETE, "/api/v1/drafts/{id}", "delete_draft", ANALYST, delete(drafts::remove))
            .about("Drafts", "Remove a draft, if nobody else has written it")
            .plain(204, "It is gone", None)
            .if_match(),
    ]
}

/// What all answers computed from a fit may fail with.
const OF_FIT: [u16; 4] = [409, 410, 422, 503];

fn answers() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/api/v1/fits/{id}/summary", "get_summary", VIEWER, get(results::summary))
            .about("Results", "Parameters and channels, each with its interval")
            .query::<results_words::SummaryQuery>()
            .json::<results_words::SummaryAnswer>(200, "The summary")
            .or_table()
            .faults(&OF_FIT),
        Route::new(
            Method::GET,
            "/api/v1/fits/{id}/diagnosis",
            "get_diagnosis",
            VIEWER,
            get(results::diagnosis),
        )
        .about("Results", "Whether the fit can be trusted")
        .query::<results_words::DiagnosisQuery>()
        .json::<results_words::DiagnosisAnswer>(200, "The checklist and the figures behind it")
        .faults(&OF_FIT),
        Route::new(Method::GET, "/api/v1/fits/{id}/returns", "get_returns", VIEWER, get(results::returns))
            .about("Results", "What each channel earned")
            .query::<results_words::WindowQuery>()
            .json::<results_words::ReturnsAnswer>(200, "ROAS, ROI, marginal ROAS, carry-over, saturation")
            .or_table()
            .faults(&OF_FIT),
        Route::new(
            Method::GET,
            "/api/v1/fits/{id}/contributions",
            "get_contributions",
            VIEWER,
            get(results::contributions),
        )
        .about("Results", "What each part of the model brought")
        .query::<results_words::ContributionsQuery>()
        .json::<results_words::ContributionsAnswer>(200, "Contributions in total, by geo or over time")
        .or_table()
        .faults(&OF_FIT),
        Route::new(Method::GET, "/api/v1/fits/{id}/curves", "get_curves", VIEWER, get(results::curves))
            .about("Results", "What each channel would bring at other levels of spend")
            .query::<results_words::CurvesQuery>()
            .json::<results_words::CurvesAnswer>(200, "Response curves")
            .or_table()
            .faults(&OF_FIT),
        Route::new(
            Method::GET,
            "/api/v1/fits/{id}/predictions",
            "get_predictions",
            VIEWER,
            get(exports::predictions),
        )
        .about("Results", "The KPI as the model expects it in the periods it has seen, holdout included")
        .query::<exports::PredictionsQuery>()
        .json::<exports::PredictionsAnswer>(200, "One record per period, and per geo where there are geos")
        .or_table()
        .faults(&OF_FIT),
        Route::new(Method::GET, "/api/v1/fits/{id}/draws", "get_draws", VIEWER, get(exports::draws))
            .about("Results", "Every draw: a row for each chain and draw, a column for each parameter")
            .query::<exports::DrawsQuery>()
            .ranges("The draws", &exports::DRAWS)
            .faults(&OF_FIT),
        Route::new(Method::GET, "/api/v1/fits/{id}/report", "get_report", VIEWER, get(reports::data))
            .about("Reports", "The data behind every chart")
            .query::<reports::ReportQuery>()
            .json::<wanamaker::report::Report>(200, "What it is about, and the exhibits asked for")
            .faults(&OF_FIT),
        Route::new(
            Method::GET,
            "/api/v1/fits/{id}/report.html",
            "get_report_page",
            VIEWER,
            get(reports::html),
        )
        .about("Reports", "The report as one file that opens with the network off")
        .query::<reports::PageOfReportQuery>()
        .plain(200, "The file", Some("text/html"))
        .faults(&OF_FIT),
        Route::new(Method::GET, "/api/v1/fits/{id}/plots/{file}", "get_plot", VIEWER, get(reports::plot))
            .about("Reports", "One chart: NAME.svg, NAME.png, or the numbers behind it as NAME.csv")
            .query::<reports::PlotQuery>()
            .plain(200, "The chart", Some("image/svg+xml"))
            .faults(&OF_FIT),
        Route::new(Method::POST, "/api/v1/fits/{id}/plans", "create_plan", VIEWER, post(planning::plan))
            .about("Plans", "Find where the next budget should go; as a table, its cells or the media plan")
            .query::<planning_words::PlanQuery>()
            .body::<planning_words::PlanRequest>(json!({ "budget": 100_000, "change": { "*": [-0.3, 0.3] } }))
            .json::<planning_words::PlanAnswer>(200, "The plan")
            .or_table()
            .faults(&OF_FIT),
        Route::new(
            Method::POST,
            "/api/v1/fits/{id}/scenarios",
            "compare_scenarios",
            VIEWER,
            post(planning::scenario),
        )
        .about("Plans", "Weigh plans side by side")
        .body::<planning_words::ScenarioRequest>(
            json!({ "plans": [{ "name": "more tv", "spend": { "tv": 12_000 } }] }),
        )
        .query::<planning_words::FormQuery>()
        .json::<planning_words::ScenarioAnswer>(200, "The plans, weighed on the same draws")
        .or_table()
        .faults(&OF_FIT),
    ]
}

fn watching() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/api/v1/jobs", "list_jobs", VIEWER, get(jobs::list))
            .about("Jobs", "Jobs, the youngest first")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<jobs::JobView>>(200, "One page"),
        Route::new(Method::GET, "/api/v1/jobs/{id}", "get_job", VIEWER, get(jobs::one))
            .about("Jobs", "One job, now or once it is over")
            .query::<jobs::WaitQuery>()
            .json::<jobs::JobView>(200, "The job"),
        Route::new(Method::GET, "/api/v1/jobs/{id}/events", "watch_job", VIEWER, get(jobs::events))
            .about("Jobs", "Events of a job as they happen; goes on behind `Last-Event-ID`")
            .query::<jobs::EventsQuery>()
            .plain(200, "Events `state` and `progress` until the job is over", Some("text/event-stream")),
        Route::new(Method::POST, "/api/v1/jobs/{id}/pause", "pause_job", ANALYST, post(jobs::pause))
            .about("Jobs", "Pause a job; what was drawn is kept as long as the server lives")
            .json::<jobs::JobView>(200, "The job, paused unless it is over")
            .faults(&[409]),
        Route::new(Method::POST, "/api/v1/jobs/{id}/resume", "resume_job", ANALYST, post(jobs::resume))
            .about("Jobs", "Go on with a paused job")
            .json::<jobs::JobView>(200, "The job, queued until there is a worker for it"),
        Route::new(Method::POST, "/api/v1/jobs/{id}/cancel", "cancel_job", ANALYST, post(jobs::cancel))
            .about("Jobs", "Stop a job")
            .json::<jobs::JobView>(200, "It is over")
            .json::<jobs::JobView>(202, "It is being stopped"),
    ]
}

fn telling() -> Vec<Route> {
    let path = "/api/v1/webhooks/{id}";
    vec![
        Route::new(Method::POST, "/api/v1/webhooks", "create_webhook", ADMIN, post(webhooks::create))
            .about("Webhooks", "Have an address told when jobs are over; the secret is shown this once")
            .body::<webhooks::WebhookRequest>(
                json!({ "url": "https://example.com/hook", "topics": ["job.succeeded"] }),
            )
            .json::<webhooks::NewWebhook>(201, "The webhook, with the secret that signs what it is told")
            .faults(&[409]),
        Route::new(Method::GET, "/api/v1/webhooks", "list_webhooks", ADMIN, get(webhooks::list))
            .about("Webhooks", "Webhooks of the workspace, without their secrets")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<webhooks::WebhookView>>(200, "One page"),
        Route::new(Method::GET, path, "get_webhook", ADMIN, get(webhooks::one))
            .about("Webhooks", "One webhook")
            .json::<webhooks::WebhookView>(200, "The webhook"),
        Route::new(Method::DELETE, path, "delete_webhook", ADMIN, delete(webhooks::remove))
            .about("Webhooks", "Remove a webhook, with what it was still to be told")
            .plain(204, "It is gone", None),
        Route::new(Method::POST, "/api/v1/webhooks/{id}/ping", "ping_webhook", ADMIN, post(webhooks::ping))
            .about("Webhooks", "Send a webhook a test")
            .json::<webhooks::DeliveryView>(202, "The delivery as it waits"),
        Route::new(
            Method::GET,
            "/api/v1/webhooks/{id}/deliveries",
            "list_deliveries",
            ADMIN,
            get(webhooks::deliveries),
        )
        .about("Webhooks", "What a webhook was told and will be, for thirty days, the youngest first")
        .query::<super::handlers::PageQuery>()
        .json::<super::handlers::Listing<webhooks::DeliveryView>>(200, "One page"),
    ]
}

fn people() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/api/v1/session", "log_in", PUBLIC, post(access::log_in))
            .about("Access", "Log in; the answer sets a cookie")
            .body::<access::LoginRequest>(json!({ "login": "jane", "password": "correct horse battery" }))
            .json::<access::SessionView>(200, "Who you are")
            .faults(&[401, 408]),
        Route::new(Method::GET, "/api/v1/session", "get_session", VIEWER, get(access::session))
            .about("Access", "Who you are")
            .json::<access::SessionView>(200, "Who you are"),
        Route::new(Method::DELETE, "/api/v1/session", "log_out", PUBLIC, delete(access::log_out))
            .about("Access", "Log out")
            .plain(204, "The session has ended", None),
        Route::new(Method::POST, "/api/v1/keys", "create_key", ADMIN, post(access::create_key))
            .about("Access", "Make an API key; it is shown this once")
            .body::<access::KeyRequest>(json!({ "name": "nightly", "role": "analyst", "days": 90 }))
            .json::<access::NewKey>(201, "The key"),
        Route::new(Method::GET, "/api/v1/keys", "list_keys", ADMIN, get(access::keys))
            .about("Access", "Keys of the workspace, without their secrets")
            .query::<super::handlers::PageQuery>()
            .json::<super::handlers::Listing<access::KeyView>>(200, "One page"),
        Route::new(Method::DELETE, "/api/v1/keys/{id}", "revoke_key", ADMIN, delete(access::revoke_key))
            .about("Access", "Revoke a key")
            .plain(204, "It no longer holds", None),
        Route::new(Method::POST, "/api/v1/users", "create_user", ADMIN, post(access::create_user))
            .about("Access", "Let somebody log in to the workspace")
            .body::<access::UserRequest>(
                json!({ "login": "jane", "password": "correct horse battery", "role": "viewer" }),
            )
            .json::<access::UserView>(201, "The login")
            .faults(&[409]),
    ]
}

fn server() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/healthz", "healthz", PUBLIC, get(system::healthz))
            .about("Server", "Whether it lives")
            .json::<system::Health>(200, "It lives"),
        Route::new(Method::GET, "/readyz", "readyz", PUBLIC, get(system::readyz))
            .about("Server", "Whether it can work")
            .json::<system::Health>(200, "It can")
            .faults(&[503]),
        Route::new(Method::GET, "/metrics", "metrics", VIEWER, get(system::metrics))
            .about("Server", "Figures for Prometheus")
            .plain(200, "The figures", Some("text/plain")),
        Route::new(Method::GET, "/version", "version", PUBLIC, get(system::version))
            .about("Server", "What answers")
            .json::<system::Version>(200, "The version"),
        Route::new(Method::GET, "/openapi.json", "get_openapi", PUBLIC, get(system::document))
            .about("Server", "This description")
            .json::<Value>(200, "OpenAPI 3.1"),
        Route::new(Method::GET, "/docs", "docs", PUBLIC, get(system::docs))
            .about("Server", "This description, to read")
            .plain(200, "A page", Some("text/html")),
        Route::new(Method::GET, "/docs/docs.js", "docs_script", PUBLIC, get(system::docs_script))
            .about("Server", "The script of the page")
            .plain(200, "A script", Some("text/javascript")),
        Route::new(Method::GET, "/docs/docs.css", "docs_style", PUBLIC, get(system::docs_style))
            .about("Server", "The looks of the page")
            .plain(200, "A style sheet", Some("text/css")),
    ]
}

fn older_tool() -> Vec<Route> {
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let tag = "Older tools";
    vec![
        Route::new(Method::GET, "/", "older_root", PUBLIC, get(older::root))
            .about(tag, "A greeting, or the front page for browsers")
            .json::<Value>(200, "The greeting")
            .or_html(),
        Route::new(Method::GET, "/health", "older_health", VIEWER, get(older::health))
            .about(tag, "Health, and how many fits there are")
            .json::<Value>(200, "status, timestamp, models_loaded"),
        Route::new(Method::POST, "/data/generate", "older_generate", ANALYST, post(older::generate))
            .about(tag, "Simulate a market")
            .body::<older::GenerateRequest>(
                json!({ "n_weeks": 104, "channels": ["TV", "Radio", "Digital", "Social"], "base_revenue": 100_000 }),
            )
            .optional_body()
            .json::<Value>(200, "dataset_id, file_path, ground_truth_path, rows, columns, channels, true_roi")
            .faults(&[503, 507]),
        Route::new(
            Method::POST,
            "/data/upload",
            "older_upload",
            ANALYST,
            post(older::upload).layer(DefaultBodyLimit::disable()),
        )
        .about(tag, "Upload a file in a form")
        .form()
        .json::<Value>(200, "dataset_id, filename, rows, columns")
        .faults(&[503, 507]),
        Route::new(Method::GET, "/data/{id}", "older_data", VIEWER, get(older::data))
            .about(tag, "The first rows of a dataset")
            .query::<older::LimitQuery>()
            .json::<Value>(200, "dataset_id, rows, columns, data"),
        Route::new(Method::POST, "/model/fit", "older_fit", ANALYST, post(older::fit))
            .about(tag, "Fit, and answer when it is done")
            .body::<older::ModelRequest>(json!({
                "dataset_id": id, "channel_columns": ["TV_spend", "Radio_spend"], "target_column": "revenue",
                "use_adstock": true, "use_saturation": true,
            }))
            .json::<Value>(200, "model_id, status, fitted_params, dataset_id")
            .faults(&[404, 410, 429, 503, 507]),
        Route::new(Method::GET, "/models", "older_models", VIEWER, get(older::models))
            .about(tag, "Fits, the youngest first")
            .query::<super::handlers::PageQuery>()
            .json::<Value>(200, "models"),
        Route::new(Method::GET, "/model/{id}", "older_model", VIEWER, get(older::model))
            .about(tag, "One fit with its parameters")
            .json::<Value>(200, "model_id, status, channels, dataset_id, fitted_params")
            .faults(&OF_FIT),
        Route::new(Method::POST, "/model/{id}/roi", "older_roi", VIEWER, post(older::roi))
            .about(tag, "ROI by channel")
            .query::<older::OfDataset>()
            .body::<older::OfDataset>(json!({ "dataset_id": id }))
            .optional_body()
            .json::<Value>(200, "roi_by_channel")
            .faults(&OF_FIT),
        Route::new(Method::POST, "/model/{id}/validate", "older_validate", VIEWER, post(older::validate))
            .about(tag, "Accuracy, convergence, and the truth where it is known")
            .query::<older::OfDataset>()
            .body::<older::OfDataset>(json!({ "dataset_id": id }))
            .optional_body()
            .json::<Value>(200, "metrics, convergence, parameter_recovery, roi_accuracy")
            .faults(&OF_FIT),
        Route::new(
            Method::POST,
            "/model/{id}/predict",
            "older_predict",
            VIEWER,
            post(older_predict::predictions),
        )
        .about(tag, "The KPI as the model expects it in the periods of its data")
        .query::<older::OfDataset>()
        .body::<older_predict::PredictRequest>(json!({ "dataset_id": id, "include_components": true }))
        .optional_body()
        .json::<Value>(200, "predictions, lower_bound, upper_bound, components, dates, actual")
        .faults(&OF_FIT),
        Route::new(Method::POST, "/optimize", "older_optimize", VIEWER, post(older::optimize))
            .about(tag, "Spread a budget per period")
            .body::<older::OptimizeRequest>(json!({
                "model_id": id, "total_budget": 100_000,
                "min_budgets": { "TV": 10_000, "Radio": 5_000 }, "max_budgets": { "TV": 60_000 },
            }))
            .json::<Value>(200, "optimal_allocation, expected_contribution, net_profit, roi_by_channel, marginal_returns")
            .faults(&OF_FIT)
            .faults(&[404]),
    ]
}
