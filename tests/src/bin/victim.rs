//! The process that is killed: see `vestibule_journeys::kill`. Its one argument is its orders, as JSON.

use vestibule_journeys::kill::life;
use vestibule_journeys::kill::orders::Orders;

fn main() {
    let orders = std::env::args().nth(1).expect("orders are the first argument");
    let orders: Orders = serde_json::from_str(&orders).expect("orders are JSON");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let ended = runtime.expect("threads can be started").block_on(life::live(orders));
    if let Err(trouble) = ended {
        eprintln!("the victim could not go on: {trouble}");
        std::process::exit(1);
    }
}
