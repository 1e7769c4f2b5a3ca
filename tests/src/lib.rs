//! Journeys through the whole product, and through the real window.
