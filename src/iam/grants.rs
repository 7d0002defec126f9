//! Named grants on handles.
