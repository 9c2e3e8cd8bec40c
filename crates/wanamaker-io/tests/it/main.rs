//! The reader together with the library: from files to panels.

mod front_door;
mod large;
mod shared_data;
