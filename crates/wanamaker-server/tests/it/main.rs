//! The server from outside: a process, its door, and what remains when it is killed.

mod access;
mod hostile;
mod journey;
mod kills;
mod older;
mod support;
mod two_servers;
