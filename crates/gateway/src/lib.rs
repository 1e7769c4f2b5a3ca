//! Client of the entrance service: sixteen signed HTTP calls.
