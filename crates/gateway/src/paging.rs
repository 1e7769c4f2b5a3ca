//! Lists longer than a page, row by row.
//!
//! The service pages by number and promises nothing about order. Rows that are added meanwhile move no row to an
//! earlier page in any sensible order, so reading on until `total` or a short page finds every row that was there
//! from beginning to end; a row that comes twice is given once. Where rows are added in front, whole pages may come a
//! second time, so such a page is no end.

use std::collections::HashSet;
use std::hash::Hash;

use futures_util::{Stream, StreamExt as _, stream};
use vestibule_domain::{DoorId, IdentityId};

use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::endpoint::answer::{CardRight, Page};
use crate::endpoint::device::perm_query;
use crate::endpoint::person::Person;
use crate::endpoint::user::query;
use crate::error::{Doubt, GatewayError};

/// The largest page.
const PAGE: u32 = 100;

/// So many whole pages in a row without anything new: the other side does not turn pages.
const STALE: u32 = 20;

/// Where a listing stands.
struct Listing<E, Key, Ask, Name> {
    client: Client,
    ask: Ask,
    name: Name,
    page_no: u32,
    stale: u32,
    seen: HashSet<Key>,
    endpoint: std::marker::PhantomData<fn() -> E>,
    over: bool,
}

impl Client {
    /// Everybody the service knows. Ends after the first error.
    pub fn people(&self) -> impl Stream<Item = Result<Person, GatewayError>> + Send + use<> {
        listing::<query::Query, Person, IdentityId>(
            self.clone(),
            |page_no| query::Params { page_size: PAGE, page_no },
            |person| person.identity_id.clone(),
        )
    }

    /// Every card right a door holds. Ends after the first error.
    pub fn rights_at(
        &self,
        iot_id: DoorId,
    ) -> impl Stream<Item = Result<CardRight, GatewayError>> + Send + use<> {
        listing::<perm_query::PermQuery, CardRight, (IdentityId, String)>(
            self.clone(),
            move |page_no| perm_query::Params { iot_id: iot_id.clone(), page_size: PAGE, page_no },
            |right| (right.identity_id.clone(), right.card_id.clone()),
        )
    }
}

fn listing<E, Row, Key>(
    client: Client,
    ask: impl Fn(u32) -> E::Params + Send,
    name: impl Fn(&Row) -> Key + Send,
) -> impl Stream<Item = Result<Row, GatewayError>> + Send
where
    E: Endpoint<Data = Page<Row>>,
    Row: Send,
    Key: Hash + Eq + Send,
{
    let listing = Listing::<E, _, _, _> {
        client,
        ask,
        name,
        page_no: 1,
        stale: 0,
        seen: HashSet::new(),
        endpoint: std::marker::PhantomData,
        over: false,
    };
    stream::unfold(listing, async |mut listing| {
        if listing.over {
            return None;
        }
        let rows = match listing.next_page().await {
            Ok(rows) => rows.into_iter().map(Ok).collect::<Vec<_>>(),
            Err(error) => {
                listing.over = true;
                vec![Err(error)]
            }
        };
        Some((stream::iter(rows), listing))
    })
    .flatten()
}

impl<E, Row, Key, Ask, Name> Listing<E, Key, Ask, Name>
where
    E: Endpoint<Data = Page<Row>>,
    Key: Hash + Eq,
    Ask: Fn(u32) -> E::Params,
    Name: Fn(&Row) -> Key,
{
    async fn next_page(&mut self) -> Result<Vec<Row>, GatewayError> {
        let params = (self.ask)(self.page_no);
        let page = self.client.send::<E>(&params).await?;
        let came = page.data.len();
        let fresh: Vec<Row> =
            page.data.into_iter().filter(|row| self.seen.insert((self.name)(row))).collect();
        let read = u64::from(self.page_no) * u64::from(PAGE);
        self.stale = if fresh.is_empty() { self.stale + 1 } else { 0 };
        self.over = came < PAGE as usize || page.total.is_some_and(|total| read >= total);
        if !self.over && self.stale >= STALE {
            return Err(GatewayError::Ambiguous(Doubt::Unreadable));
        }
        self.page_no += 1;
        Ok(fresh)
    }
}
