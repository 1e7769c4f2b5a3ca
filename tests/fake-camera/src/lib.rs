//! A V4L2 camera for one process, preloaded; for tests only.
