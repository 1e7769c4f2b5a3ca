//! A receipt printer at the end of a line: the bytes it takes and what it answers.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{Protocol, RealTimeStatusRequest, RealTimeStatusResponse};
use serialport::SerialPort;
use vestibule_domain::receipt::{PrintFault, Printed};

use crate::job::Job;
use crate::picture::Picture;

/// How long one address of a printer may take to answer a connection.
const CONNECTING: Duration = Duration::from_secs(3);
/// How long a printer may take to say how it is.
const ANSWERING: Duration = Duration::from_secs(1);
/// How often it is waited that long for the word that everything is on paper.
const PATIENCE: usize = 12;
/// How long a printer may take nothing.
const TAKING: Duration = Duration::from_secs(4);
/// How many bytes are handed over at once.
const PORTION: usize = 2048;
/// How many rows of dots are one command: small printers hold no more.
const BAND: usize = 128;
/// `GS v 0`: a picture, as wide and high as the following says.
const RASTER: [u8; 4] = [0x1D, b'v', b'0', 0];
/// `GS r 1`: asks for the paper sensor, and is answered when all before it is on paper.
const ASK_IN_TURN: [u8; 3] = [0x1D, b'r', 1];
/// Bits of its answer: the paper ended.
const PAPER_ENDED: u8 = 0x0C;
/// Lines of paper between the last row and the knife.
const FEED: u8 = 3;

/// What a line is made of.
enum Stream {
    Network(TcpStream),
    File(File),
    Serial(Box<dyn SerialPort>),
}

/// An open line. `escpos` writes its commands to it.
pub(crate) struct Line<'a> {
    stream: Mutex<Stream>,
    progress: &'a (dyn Fn() + Sync),
}

impl<'a> Line<'a> {
    /// A printer on the network.
    pub(crate) fn network(
        host: &str,
        port: u16,
        progress: &'a (dyn Fn() + Sync),
    ) -> Result<Self, PrintFault> {
        let addresses = (host, port).to_socket_addrs().map_err(|error| unreachable(&error))?;
        let mut last = PrintFault::Unreachable;
        for address in addresses {
            progress();
            match TcpStream::connect_timeout(&address, CONNECTING) {
                Ok(stream) => return Ok(Self::of(Stream::Network(stream), progress)),
                Err(error) => last = unreachable(&error),
            }
        }
        Err(last)
    }

    /// A printer that is written to as a file, which has to be there.
    pub(crate) fn file(path: &Path, progress: &'a (dyn Fn() + Sync)) -> Result<Self, PrintFault> {
        let file = OpenOptions::new().write(true).open(path).map_err(|error| unreachable(&error))?;
        Ok(Self::of(Stream::File(file), progress))
    }

    /// A printer at a serial port.
    pub(crate) fn serial(port: &str, baud: u32, progress: &'a (dyn Fn() + Sync)) -> Result<Self, PrintFault> {
        let open = serialport::new(port, baud).timeout(TAKING).open();
        let port = open.map_err(|error| unreachable(&io::Error::from(error)))?;
        Ok(Self::of(Stream::Serial(port), progress))
    }

    fn of(stream: Stream, progress: &'a (dyn Fn() + Sync)) -> Self {
        Self { stream: Mutex::new(stream), progress }
    }

    /// Says whether it answers at all, and what is wrong with it.
    pub(crate) fn look(&self) -> Result<bool, PrintFault> {
        if matches!(*self.stream(), Stream::File(_)) {
            return Ok(false);
        }
        let Some(cause) = self.ask(RealTimeStatusRequest::OfflineCause)? else { return Ok(false) };
        let says = |word| cause.get(&word).copied();
        if says(RealTimeStatusResponse::PrintingStopsDueToPaperEnd) == Some(true) {
            return Err(PrintFault::NoPaper);
        }
        if says(RealTimeStatusResponse::CoverClosed) == Some(false) {
            return Err(PrintFault::CoverOpen);
        }
        if says(RealTimeStatusResponse::ErrorOccurred) == Some(true) {
            return Err(PrintFault::Stuck);
        }
        let paper = self.ask(RealTimeStatusRequest::RollPaperSensor)?.unwrap_or_default();
        match paper.get(&RealTimeStatusResponse::RollPaperEndSensorPaperPresent) {
            Some(false) => Err(PrintFault::NoPaper),
            Some(true) | None => Ok(true),
        }
    }

    fn ask(
        &self,
        what: RealTimeStatusRequest,
    ) -> Result<Option<std::collections::HashMap<RealTimeStatusResponse, bool>>, PrintFault> {
        let mut printer = Printer::new(self, Protocol::default(), None);
        let asked = printer.real_time_status(what).and_then(Printer::send_status);
        asked.map_err(|_| PrintFault::Unreachable)?;
        match self.answer() {
            Answer::Byte(byte) => Ok(RealTimeStatusResponse::parse(what, byte).ok()),
            Answer::Nothing => Ok(None),
            Answer::Gone(_) => Err(PrintFault::Unreachable),
        }
    }

    /// Prints a picture, and cuts the paper below it.
    pub(crate) fn print(&self, picture: &Picture, job: &Job<Printed>) -> Result<Printed, PrintFault> {
        let answers = self.look()?;
        job.begin()?;
        self.put(picture, answers).map_err(|error| {
            tracing::warn!(%error, "the printer took a part of a receipt");
            PrintFault::Unsure
        })?;
        if !answers {
            return self.end(job);
        }
        for _ in 0..PATIENCE {
            job.progress();
            match self.answer() {
                Answer::Byte(byte) if byte & PAPER_ENDED == 0 => return Ok(Printed::OnPaper),
                Answer::Byte(_) | Answer::Gone(_) => return Err(PrintFault::Unsure),
                Answer::Nothing => {}
            }
        }
        // Some makes say how they are, and know no question for what is done. A printer that hangs says neither.
        if self.look() == Ok(true) { Ok(Printed::Sent) } else { Err(PrintFault::Unsure) }
    }

    fn put(&self, picture: &Picture, ask: bool) -> Result<(), PrinterError> {
        let mut printer = Printer::new(self, Protocol::default(), None);
        printer.init()?;
        let rows: Vec<Vec<u8>> = picture.rows().collect();
        for band in rows.chunks(BAND) {
            let (width, height) = (band.first().map_or(0, Vec::len), band.len());
            let mut command = RASTER.to_vec();
            command.extend([
                (width % 256) as u8,
                (width / 256) as u8,
                (height % 256) as u8,
                (height / 256) as u8,
            ]);
            command.extend(band.concat());
            printer.custom(&command)?;
        }
        printer.feeds(FEED)?.partial_cut()?;
        if ask {
            printer.custom(&ASK_IN_TURN)?;
        }
        printer.print()?;
        Ok(())
    }

    /// Nothing more comes. A network shows that everything was taken by closing the other half too; what it has not read
    /// by then may be in the buffers of this PC.
    fn end(&self, job: &Job<Printed>) -> Result<Printed, PrintFault> {
        match &*self.stream() {
            Stream::Network(stream) => stream.shutdown(Shutdown::Write).map_err(|_| PrintFault::Unsure)?,
            Stream::File(_) | Stream::Serial(_) => return Ok(Printed::Sent),
        }
        for _ in 0..PATIENCE {
            job.progress();
            match self.answer() {
                Answer::Gone(true) => return Ok(Printed::Sent),
                Answer::Gone(false) => break,
                Answer::Byte(_) | Answer::Nothing => {}
            }
        }
        Err(PrintFault::Unsure)
    }

    fn answer(&self) -> Answer {
        match self.read_one() {
            Ok(Some(byte)) => Answer::Byte(byte),
            Err(error) if is_silence(&error) => Answer::Nothing,
            Ok(None) => Answer::Gone(true),
            Err(_) => Answer::Gone(false),
        }
    }

    fn read_one(&self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        let mut stream = self.stream();
        stream.wait_at_most(ANSWERING)?;
        let read = match &mut *stream {
            Stream::Network(stream) => stream.read(&mut byte)?,
            Stream::Serial(port) => port.read(&mut byte)?,
            Stream::File(_) => 0,
        };
        Ok((read == 1).then_some(byte[0]))
    }

    fn stream(&self) -> std::sync::MutexGuard<'_, Stream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came back.
enum Answer {
    Byte(u8),
    Nothing,
    /// It closed the line, in order or not.
    Gone(bool),
}

impl Stream {
    fn wait_at_most(&mut self, time: Duration) -> io::Result<()> {
        match self {
            Self::Network(stream) => {
                stream.set_read_timeout(Some(time))?;
                stream.set_write_timeout(Some(time))
            }
            Self::Serial(port) => Ok(port.set_timeout(time)?),
            Self::File(_) => Ok(()),
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Network(stream) => stream,
            Self::Serial(port) => port,
            Self::File(file) => file,
        }
    }
}

impl Driver for &Line<'_> {
    fn name(&self) -> String {
        "line".to_owned()
    }

    fn write(&self, data: &[u8]) -> escpos::errors::Result<()> {
        let mut stream = self.stream();
        stream.wait_at_most(TAKING)?;
        for portion in data.chunks(PORTION) {
            stream.writer().write_all(portion)?;
            (self.progress)();
        }
        Ok(())
    }

    fn read(&self, buf: &mut [u8]) -> escpos::errors::Result<usize> {
        let read = self.read_one()?;
        Ok(buf.first_mut().zip(read).map_or(0, |(first, byte)| {
            *first = byte;
            1
        }))
    }

    fn flush(&self) -> escpos::errors::Result<()> {
        Ok(self.stream().writer().flush()?)
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

fn unreachable(error: &io::Error) -> PrintFault {
    tracing::warn!(%error, "the printer cannot be reached");
    match error.kind() {
        ErrorKind::PermissionDenied => PrintFault::Denied,
        ErrorKind::ResourceBusy => PrintFault::Stuck,
        _ => PrintFault::Unreachable,
    }
}
