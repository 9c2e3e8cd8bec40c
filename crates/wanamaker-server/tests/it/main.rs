//! The server from outside: a process, its door, and what remains when it is killed.

mod access;
mod home;
mod hostile;
mod journey;
mod kills;
mod load;
mod older;
mod pause;
mod slow;
mod support;
mod two_servers;
mod webhooks;
