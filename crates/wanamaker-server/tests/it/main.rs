//! The server from outside: a process, its door, and what remains when it is killed.

mod access;
mod drafts;
mod hostile;
mod journey;
mod kills;
mod older;
mod prior;
mod sheets;
mod support;
mod tables;
mod two_servers;
