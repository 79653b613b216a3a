/// A library that takes security labels and does nothing with them. PostgreSQL's own tests have such a one
/// (src/test/modules/dummy_seclabel), which is in no package; so it is compiled by the tests that want it.
package enum LabelProvider {
    /// Of the provider and of its library: for `shared_preload_libraries`.
    package static let name = "sink_labels"

    private static let source = """
        #include "postgres.h"
        #include "commands/seclabel.h"
        #include "fmgr.h"

        PG_MODULE_MAGIC;

        void _PG_init(void);

        static void
        check_label(const ObjectAddress *object, const char *label)
        {
            if (label != NULL && strcmp(label, "open") != 0 && strcmp(label, "it's \\\\ secret") != 0)
                ereport(ERROR, (errcode(ERRCODE_INVALID_NAME), errmsg("\\"%s\\" is no security label", label)));
        }

        void
        _PG_init(void)
        {
            register_label_provider("\(name)", check_label);
        }
        """

    /// A copy of PostgreSQL 18 that can load it.
    package static func installation(in directory: TemporaryDirectory) throws -> TestInstallation {
        let installation = try TestInstallation.copied(in: directory)
        let file = try directory.write(source, to: "\(name).c")
        // As a user's cc would: the headers of the server lie beside its programs.
        try Tool.shell(
            """
            cc -shared -fPIC -I "$("$1/pg_config" --includedir-server)" -o "$("$1/pg_config" --pkglibdir)/$3.so" "$2"
            """, [installation.bin, file, name])
        return installation
    }
}
