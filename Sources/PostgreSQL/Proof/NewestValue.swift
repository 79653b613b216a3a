import Backups

/// The newest value of a column that holds times: the span of time that it may mean. A day is 24 hours long.
struct NewestValue: Sendable, Equatable {
    var earliest: Timestamp
    var latest: Timestamp
    /// As the server writes it.
    var text: String

    init(earliest: Timestamp, latest: Timestamp, text: String) {
        self.earliest = earliest
        self.latest = latest
        self.text = text
    }

    /// - Returns: `nil` for a table without any value.
    static func read(_ rule: Freshness, _ connection: Connection) throws -> NewestValue? {
        let column = SQLIdentifier.quoted(rule.column)
        let table = rule.table.quoted
        let type = try connection.query(
            "SELECT format_type(a.atttypid, NULL) FROM pg_attribute a "
                + "WHERE a.attrelid = $1::regclass AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped",
            [table, rule.column])
        guard let type = type.scalar else {
            throw Obstacle(.queryError, "\(rule.table) has no column \(rule.column)", hint: "Check the freshness rule.")
        }
        guard let shape = Shape(type) else {
            throw Obstacle(
                .queryError, "\(rule.table).\(rule.column) is of type \(type), which is no time",
                hint: "Name a column of type timestamptz, timestamp, date, or a number of seconds since 1970.")
        }
        let result = try connection.query(
            """
            SELECT (extract(epoch FROM \(shape.moment("v", after: 0))) * 1000000)::bigint,
                (extract(epoch FROM \(shape.moment("v", after: 1))) * 1000000)::bigint, v::text
            FROM (SELECT max(\(column)) AS v FROM \(table) WHERE \(shape.isFinite(column))) newest, (SELECT $1::text AS zone) z
            """, [rule.zone])
        guard let earliest = result.integer(0, 0), let latest = result.integer(0, 1) else { return nil }
        return NewestValue(
            earliest: Timestamp(microseconds: earliest), latest: Timestamp(microseconds: latest),
            text: result.text(0, 2) ?? "")
    }

    /// How a type holds a time.
    private enum Shape {
        case zoned, local, day, number

        init?(_ type: String) {
            switch type {
            case "timestamp with time zone": self = .zoned
            case "timestamp without time zone": self = .local
            case "date": self = .day
            case "integer", "bigint", "numeric", "double precision": self = .number
            default: return nil
            }
        }

        /// `value` as a timestamptz; of a day its start, or `after` days later.
        func moment(_ value: String, after days: Int) -> String {
            switch self {
            case .zoned: return value
            case .local: return "(\(value) AT TIME ZONE zone)"
            case .day: return "((\(value) + \(days))::timestamp AT TIME ZONE zone)"
            // Seconds, milliseconds or microseconds: no time between 1973 and 5138 is ambiguous.
            case .number:
                return "to_timestamp(CASE WHEN \(value) >= 1e14 THEN \(value) / 1e6 WHEN \(value) >= 1e11 "
                    + "THEN \(value) / 1e3 ELSE \(value) END)"
            }
        }

        func isFinite(_ column: String) -> String {
            self == .number ? "true" : "isfinite(\(column))"
        }
    }
}
