//! The directory: what is found, and what a list changes.

use vestibule_domain::HostId;
use vestibule_domain::host::{Host, query};
use vestibule_store::{HostsChanged, StoreError};

use crate::{TEN, store};

fn host(id: &str, name: &str) -> Host {
    Host::new(id, name, "市场部", "", "").unwrap()
}

#[test]
fn a_list_is_added_to_what_is_there_and_replaces_it_only_when_asked() {
    let (store, _lease) = store();
    let list = [host("1", "王小明"), host("2", "Maria Schmidt")];
    let counts = |added, changed, same, missing| HostsChanged { added, changed, same, missing };
    assert_eq!(store.keep_hosts(&list, false, true, TEN).unwrap(), counts(2, 0, 0, 0));
    assert!(!store.has_hosts().unwrap(), "a dry run writes nothing");
    assert_eq!(store.keep_hosts(&list, false, false, TEN).unwrap(), counts(2, 0, 0, 0));
    assert_eq!(store.keep_hosts(&list, false, false, TEN).unwrap(), counts(0, 0, 2, 0));
    let journal = store.journal(10).unwrap().len();
    let other = [host("1", "王大明"), host("3", "李四")];
    assert_eq!(store.keep_hosts(&other, false, false, TEN).unwrap(), counts(1, 1, 0, 1));
    assert_eq!(store.hosts().unwrap().len(), 3);
    assert_eq!(store.keep_hosts(&other, true, false, TEN).unwrap(), counts(0, 0, 2, 1));
    assert_eq!(store.hosts().unwrap(), other);
    assert_eq!(store.journal(10).unwrap().len(), journal + 2);
    assert!(store.journal(10).unwrap().iter().all(|row| !row.detail.to_string().contains('明')));
}

#[test]
fn a_host_is_found_by_its_words_and_by_no_others_after_a_change() {
    let (store, _lease) = store();
    store
        .keep_hosts(&[host("1", "王小明"), host("2", "吴西门"), host("3", "王芳")], false, false, TEN)
        .unwrap();
    let found = |typed: &str| -> Vec<String> {
        let hosts = store.hosts_found(&query(typed).unwrap(), 6).unwrap();
        hosts.into_iter().map(|host| host.id.0).collect()
    };
    assert_eq!(found("wxm"), ["2", "1"], "by name");
    assert_eq!(found("王小"), ["1"]);
    assert_eq!(found("wf"), ["3"]);
    assert!(query("%%").is_none() && found("*[a-z]").is_empty());
    store.keep_hosts(&[host("1", "陈伟")], false, false, TEN).unwrap();
    assert_eq!(found("wxm"), ["2"]);
    store.remove_host(&HostId("2".to_owned()), TEN).unwrap();
    assert!(found("wxm").is_empty());
    assert!(matches!(store.remove_host(&HostId("2".to_owned()), TEN), Err(StoreError::NotFound)));
    assert_eq!(store.hosts().unwrap().len(), 2);
}
