//! Pass code to picture, picture to text.
