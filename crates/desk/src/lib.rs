//! What a desk does: register, issue, verify, release, and tell the gateway.
