//! Assets: files beside a template, which `aws cloudformation package` uploads.

mod unzip;

pub(crate) use unzip::unpack;
