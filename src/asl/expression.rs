//! What a state may compute with: paths, intrinsic functions and JSONata, over the data that a state can see.

mod cursor;
pub(crate) mod fault;
pub(crate) mod hash;
pub(crate) mod intrinsic;
pub(crate) mod jsonata;
pub(crate) mod jsonpath;
pub(crate) mod payload;
pub(crate) mod random;
pub(crate) mod time;
pub(crate) mod world;
