//! The server from outside: a process, its door, and what remains when it is killed.

mod access;
mod drafts;
mod home;
mod hostile;
mod journey;
mod kills;
mod load;
mod older;
mod pause;
mod prior;
mod sheets;
mod slow;
mod support;
mod tables;
mod two_servers;
mod webhooks;
