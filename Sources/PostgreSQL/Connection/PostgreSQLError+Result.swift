import CPQ

extension PostgreSQLError {
    /// Reads the error fields of a result; `fallback` stands for a message that libpq did not split into fields.
    init(result: OpaquePointer?, fallback: String) {
        func field(_ code: Int32) -> String? {
            PQresultErrorField(result, code).map { ServerText.bounded($0) }
        }
        // Codes of postgres_ext.h, which Swift can't import as they are character literals behind macros.
        func field(_ code: Unicode.Scalar) -> String? { field(Int32(code.value)) }
        self.init(
            severity: field("V") ?? field("S") ?? "ERROR", sqlstate: field("C") ?? "",
            message: field("M") ?? fallback, detail: field("D"), hint: field("H"), context: field("W"),
            position: field("P").flatMap { Int($0) }, schema: field("s"), table: field("t"), column: field("c"),
            constraint: field("n"))
    }
}
