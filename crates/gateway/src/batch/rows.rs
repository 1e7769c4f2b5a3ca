//! The calls that take many rows, and how each names the rows that failed.

use std::collections::HashSet;

use crate::endpoint::Endpoint;
use crate::endpoint::answer::{CardRight, FailedCard};
use crate::endpoint::card::{batchdelete, batchmodify};
use crate::endpoint::passwd::modify as passwd;

/// A call that takes rows and returns those that failed.
pub trait Batch: Endpoint {
    /// A row.
    type Row: Send + Sync + 'static;
    /// The most rows in one call.
    const MOST: usize;
    /// Rows as parameters.
    fn wrap(rows: Vec<Self::Row>) -> Self::Params;
    /// Parameters as rows.
    fn unwrap(params: Self::Params) -> Vec<Self::Row>;
    /// Which rows failed. Where the answer does not name a row exactly, every row it may mean.
    fn failed(rows: &[Self::Row], data: &Self::Data) -> Vec<bool>;
}

impl Batch for batchmodify::BatchModify {
    type Row = CardRight;
    const MOST: usize = batchmodify::MOST;

    fn wrap(cards: Vec<CardRight>) -> Self::Params {
        batchmodify::Params { cards }
    }

    fn unwrap(params: Self::Params) -> Vec<CardRight> {
        params.cards
    }

    fn failed(rows: &[CardRight], data: &Vec<FailedCard>) -> Vec<bool> {
        cards_failed(
            rows.iter().map(|row| (row.iot_id.0.as_str(), row.identity_id.0.as_str(), row.card_id.as_str())),
            data,
        )
    }
}

impl Batch for batchdelete::BatchDelete {
    type Row = batchdelete::CardAtDoor;
    const MOST: usize = batchdelete::MOST;

    fn wrap(list: Vec<Self::Row>) -> Self::Params {
        batchdelete::Params { list }
    }

    fn unwrap(params: Self::Params) -> Vec<Self::Row> {
        params.list
    }

    fn failed(rows: &[Self::Row], data: &Vec<FailedCard>) -> Vec<bool> {
        cards_failed(
            rows.iter().map(|row| (row.iot_id.0.as_str(), row.identity_id.0.as_str(), row.card_id.as_str())),
            data,
        )
    }
}

impl Batch for passwd::Modify {
    type Row = passwd::Password;
    const MOST: usize = passwd::MOST;

    fn wrap(passwords: Vec<Self::Row>) -> Self::Params {
        passwd::Params { passwords }
    }

    fn unwrap(params: Self::Params) -> Vec<Self::Row> {
        params.passwords
    }

    /// The answer names only doors, so every password of a named door counts as failed.
    fn failed(rows: &[Self::Row], data: &Self::Data) -> Vec<bool> {
        let doors: HashSet<&str> = data.iter().map(|door| door.0.as_str()).collect();
        rows.iter().map(|row| doors.contains(row.iot_id.0.as_str())).collect()
    }
}

/// A failure that leaves out the person or the card means every row that fits.
fn cards_failed<'a>(
    rows: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
    data: &'a [FailedCard],
) -> Vec<bool> {
    let mut named: Vec<(Option<&str>, &str, Option<&str>)> = data
        .iter()
        .map(|failed| {
            let person = failed.identity_id.as_ref().map(|id| id.0.as_str());
            (failed.card_id.as_deref(), failed.iot_id.0.as_str(), person)
        })
        .collect();
    // Sorted instead of hashed: a thousand rows are looked up, and few have failed.
    named.sort_unstable();
    let fits = |card: Option<&str>, door: &str, person: &str| {
        let first = named.partition_point(|failed| (failed.0, failed.1) < (card, door));
        named[first..]
            .iter()
            .take_while(|failed| (failed.0, failed.1) == (card, door))
            .any(|failed| failed.2.is_none_or(|named| named == person))
    };
    let any_without_card = named.first().is_some_and(|failed| failed.0.is_none());
    rows.map(|(door, person, card)| {
        !named.is_empty() && (fits(Some(card), door, person) || any_without_card && fits(None, door, person))
    })
    .collect()
}
