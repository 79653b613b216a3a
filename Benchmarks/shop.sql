-- A small shop: customers, products, orders, their lines, payments, and events in partitions. The same rows each time.
-- Run by psql with -v orders=N: 1 000 orders are about 0.4 MB of SQL in a dump.

CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE,
    joined timestamptz NOT NULL);
CREATE TABLE products (
    id integer PRIMARY KEY, name text NOT NULL, price numeric(10, 2) NOT NULL CHECK (price > 0));
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers,
    placed_at timestamptz NOT NULL, status text NOT NULL, note text);
CREATE TABLE items (
    order_id bigint NOT NULL REFERENCES orders, line smallint NOT NULL,
    product_id integer NOT NULL REFERENCES products, quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(10, 2) NOT NULL, PRIMARY KEY (order_id, line));
CREATE TABLE payments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders,
    amount numeric(12, 2) NOT NULL, paid_at timestamptz NOT NULL, reference text NOT NULL);
CREATE TABLE events (
    id bigint NOT NULL, happened_at timestamptz NOT NULL, customer_id bigint, kind text NOT NULL, detail jsonb
) PARTITION BY RANGE (happened_at);
CREATE TABLE events_2026_01 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_2026_02 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;

INSERT INTO customers (name, email, joined)
    SELECT 'Customer ' || i, 'customer' || i || '@shop.example', timestamptz '2020-01-01' + i * interval '7 minutes'
    FROM generate_series(1, greatest(:orders / 10, 1)) i;
INSERT INTO products
    SELECT i, 'Product ' || i || ' ' || md5(i::text), (i::bigint * 37 % 9973) / 100.0 + 1 FROM generate_series(1, 500) i;
INSERT INTO orders (customer_id, placed_at, status, note)
    SELECT i % greatest(:orders / 10, 1) + 1, timestamptz '2026-01-01' + i * interval '11 seconds',
        (ARRAY['placed', 'paid', 'shipped', 'returned'])[i % 4 + 1],
        CASE WHEN i % 9 = 0 THEN E'ring twice\nleave it with "the neighbour" \\ ' || md5(i::text) END
    FROM generate_series(1, :orders) i;
INSERT INTO items
    SELECT i, line, (i::bigint * 31 + line * 17) % 500 + 1, (i + line) % 5 + 1, (i::bigint * 13 % 9973) / 100.0
    FROM generate_series(1, :orders) i, generate_series(1, 3) line;
INSERT INTO payments (order_id, amount, paid_at, reference)
    SELECT i, (i::bigint * 7919 % 100000) / 100.0, timestamptz '2026-01-01' + i * interval '12 seconds', md5('p' || i)
    FROM generate_series(1, :orders) i WHERE i % 4 <> 0;
INSERT INTO events
    SELECT i, timestamptz '2026-01-01' + i * interval '90 seconds' * (100000.0 / (:orders * 2)),
        i % greatest(:orders / 10, 1) + 1, (ARRAY['viewed', 'added', 'bought'])[i % 3 + 1],
        jsonb_build_object('page', '/p/' || i % 500, 'session', md5('s' || i / 7), 'n', i)
    FROM generate_series(1, :orders * 2) i;

CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);
CREATE INDEX items_by_product ON items (product_id);
CREATE INDEX payments_by_order ON payments (order_id);
CREATE INDEX events_by_time ON events (happened_at);
CREATE INDEX customers_by_name ON customers (lower(name));
CREATE VIEW turnover AS
    SELECT date_trunc('day', paid_at) AS day, sum(amount) AS amount FROM payments GROUP BY 1;
