//! Two kinds of HTTP question to a program on this machine. A library would be more than it takes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// `GET`, answered in JSON.
pub(crate) fn get(address: &str, path: &str) -> Value {
    ask(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n"))
}

/// `POST` of JSON, answered in JSON, or null where the answer is empty.
pub(crate) fn post(address: &str, path: &str, body: &Value) -> Value {
    let body = body.to_string();
    let length = body.len();
    let head = format!("POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json");
    ask(address, &format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}"))
}

fn ask(address: &str, question: &str) -> Value {
    let mut stream = TcpStream::connect(address).expect("the program listens on this address");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("ten seconds are a valid time");
    stream.write_all(question.as_bytes()).expect("a short question fits");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer in text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    assert!(head.split(' ').nth(1).is_some_and(|code| code.starts_with('2')), "refused: {head}\n{body}");
    serde_json::from_str(body).unwrap_or(Value::Null)
}
