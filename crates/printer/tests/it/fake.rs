//! A receipt printer on a socket: it understands its commands, and prints on a picture.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use image::{GrayImage, Luma};

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Prints, and says how it is.
    Well,
    /// Prints, and says nothing.
    Mute,
    /// Says how it is, but knows no question for what is done.
    HalfMute,
    /// Takes a little, waits a little.
    Slow,
    /// Takes the connection and then nothing.
    Hangs,
    /// Says how it is, then takes a part and no more.
    HangsInBetween,
    /// Closes the connection after so many bytes of the picture.
    Cuts(usize),
    /// Has no paper.
    NoPaper,
    /// Its cover is open.
    CoverOpen,
    /// Its paper ends while it prints.
    PaperEnds,
}

/// What came out of it.
#[derive(Default)]
pub(crate) struct Paper {
    pub(crate) rows: Vec<Vec<u8>>,
    pub(crate) cut: bool,
    pub(crate) bytes: usize,
}

impl Paper {
    pub(crate) fn png(&self) -> Vec<u8> {
        let width = self.rows[0].len() * 8;
        let mut picture = GrayImage::from_pixel(width as u32, self.rows.len() as u32, Luma([255]));
        for (y, row) in self.rows.iter().enumerate() {
            for x in 0..width {
                if row[x / 8] & (0x80 >> (x % 8)) != 0 {
                    picture.put_pixel(x as u32, y as u32, Luma([0]));
                }
            }
        }
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }
}

/// Starts one; gives its place for the settings, and each paper that comes out.
pub(crate) fn printer(manner: Manner) -> (String, Receiver<Paper>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("tcp:{}", listener.local_addr().unwrap());
    let (out, papers) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let paper = Device { stream: stream.unwrap(), manner, paper: Paper::default() }.work();
            if out.send(paper).is_err() {
                return;
            }
        }
    });
    (place, papers)
}

struct Device {
    stream: TcpStream,
    manner: Manner,
    paper: Paper,
}

impl Device {
    /// Until the connection ends.
    fn work(mut self) -> Paper {
        if self.manner == Manner::Hangs {
            thread::sleep(Duration::from_secs(30));
            return self.paper;
        }
        while self.command().is_some() {}
        self.paper
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        if self.paper.bytes > 3000 && self.manner == Manner::HangsInBetween {
            thread::sleep(Duration::from_secs(30));
            return None;
        }
        if let Manner::Cuts(most) = self.manner
            && self.paper.bytes + count > most
        {
            return None;
        }
        let mut bytes = vec![0; count];
        for part in bytes.chunks_mut(1024) {
            if self.manner == Manner::Slow {
                thread::sleep(Duration::from_millis(20));
            }
            self.stream.read_exact(part).ok()?;
            self.paper.bytes += part.len();
        }
        Some(bytes)
    }

    fn command(&mut self) -> Option<()> {
        match self.take(1)?[0] {
            // Alone it means nothing.
            0 => {}
            0x10 => {
                assert_eq!(self.take(1)?, [0x04], "DLE EOT");
                let what = self.take(1)?[0];
                let state = match (what, self.manner) {
                    (2, Manner::NoPaper) => 0x32,
                    (2, Manner::CoverOpen) => 0x16,
                    (2 | 4, _) => 0x12,
                    other => panic!("asked {other:?}"),
                };
                if self.manner != Manner::Mute {
                    self.stream.write_all(&[state]).ok()?;
                }
            }
            0x1B => match self.take(1)?[0] {
                b'@' => {}
                b'd' => drop(self.take(1)?),
                other => panic!("ESC {other}"),
            },
            0x1D => match self.take(1)?[0] {
                b'v' => {
                    let head = self.take(6)?;
                    assert_eq!(head[..2], [b'0', 0]);
                    let size = |at: usize| usize::from(head[at]) + 256 * usize::from(head[at + 1]);
                    let (width, height) = (size(2), size(4));
                    assert!(height <= 128, "a small printer holds no more at once");
                    let dots = self.take(width * height)?;
                    self.paper.rows.extend(dots.chunks(width).map(<[u8]>::to_vec));
                }
                b'V' => {
                    assert_eq!(self.take(2)?, [b'A', 1]);
                    self.paper.cut = true;
                }
                b'r' => {
                    self.take(1)?;
                    let paper = if self.manner == Manner::PaperEnds { 0x0C } else { 0 };
                    if self.manner != Manner::HalfMute {
                        self.stream.write_all(&[paper]).ok()?;
                    }
                }
                other => panic!("GS {other}"),
            },
            other => panic!("{other:#x} is no command"),
        }
        Some(())
    }
}
