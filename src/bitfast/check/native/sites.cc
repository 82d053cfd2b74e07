/* A GCC plugin that lists the sites of two causes in one translation unit and switches single ones off:

   fma   a floating-point multiplication whose result an addition or subtraction uses: the pass widening_mul may fuse
         the two (-ffp-contract=fast). Off: the product goes through PAREN_EXPR, which GCC keeps as a rounding barrier,
         after the last pass that would remove it, so it holds in vector loops too.
   call  a call of a function of the C library whose name is asked for. Off: the call goes to bitfast_NAME.

   A site's key is the source location of the multiplication or the call, FILE:LINE:COLUMN as the compiler prints it:
   copies of one expression by inlining, templates or unrolling are one site.

   Arguments (-fplugin-arg-sites-KEY=VALUE):
     list=FILE    append a line per site: KIND, KEY, FUNCTION, DETAIL, separated by tabs
     names=FILE   the names of functions whose calls are sites, one a line
     off=FILE     lines "KIND<tab>KEY": the sites to switch off

   Passes and data structures: GCC Internals, chapters GIMPLE, Plugins. */
#include "gcc-plugin.h"
#include "plugin-version.h"
#include "tree.h"
#include "gimple.h"
#include "tree-pass.h"
#include "context.h"
#include "basic-block.h"
#include "gimple-iterator.h"
#include "ssa.h"
#include "diagnostic.h"
#include "langhooks.h"
#include "stringpool.h"
#include "attribs.h"
#include "cgraph.h"
#include "internal-fn.h"
#include "options.h"

#include <cstdio>
#include <set>
#include <string>

int plugin_is_GPL_compatible;

namespace {

std::set<std::string> off, names, listed;
const char *list_path;

std::string key_of(location_t location) {
    expanded_location where = expand_location(location);
    if (!where.file || !where.line)
        return "";
    return std::string(where.file) + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

/* The function whose source text holds the location: the innermost one that was inlined there, or the function itself. */
const char *function_of(location_t location, function *fun) {
    for (tree block = LOCATION_BLOCK(location); block && TREE_CODE(block) == BLOCK; block = BLOCK_SUPERCONTEXT(block)) {
        if (!inlined_function_outer_scope_p(block))
            continue;
        tree origin = block_ultimate_origin(block);
        if (origin && TREE_CODE(origin) == FUNCTION_DECL)
            return lang_hooks.decl_printable_name(origin, 0);
    }
    return lang_hooks.decl_printable_name(fun->decl, 0);
}

void list_site(const char *kind, const std::string &key, const char *name, const char *detail) {
    std::string line = std::string(kind) + "\t" + key + "\t" + name + "\t" + detail;
    if (!list_path || !listed.insert(line).second)
        return;
    if (FILE *file = fopen(list_path, "a")) {
        fprintf(file, "%s\n", line.c_str());
        fclose(file);
    }
}

/* Whether a use can become part of a fused multiply-add: an addition or subtraction, directly or behind a negation. */
bool may_fuse(tree product) {
    imm_use_iterator iterator;
    use_operand_p use;
    FOR_EACH_IMM_USE_FAST(use, iterator, product) {
        gimple *statement = USE_STMT(use);
        if (gimple_code(statement) == GIMPLE_CALL && gimple_call_internal_p(statement))
            return true; /* a masked addition, IFN_COND_ADD and its like */
        if (!is_gimple_assign(statement))
            continue;
        tree_code code = gimple_assign_rhs_code(statement);
        if (code == PLUS_EXPR || code == MINUS_EXPR)
            return true;
        if (code == NEGATE_EXPR && may_fuse(gimple_assign_lhs(statement)))
            return true;
    }
    return false;
}

/* What a floating-point multiplication gives, also one under a mask (IFN_COND_MUL); NULL for other statements. */
tree product_of(gimple *statement) {
    bool product = is_gimple_assign(statement) ? gimple_assign_rhs_code(statement) == MULT_EXPR
                                               : gimple_call_internal_p(statement, IFN_COND_MUL);
    tree result = product ? gimple_get_lhs(statement) : NULL_TREE;
    return result && TREE_CODE(result) == SSA_NAME && FLOAT_TYPE_P(TREE_TYPE(result)) ? result : NULL_TREE;
}

const pass_data fma_data = {GIMPLE_PASS, "bitfast_fma", OPTGROUP_NONE, TV_NONE, PROP_ssa, 0, 0, 0, TODO_update_ssa};

struct fma_pass : gimple_opt_pass {
    fma_pass(gcc::context *context) : gimple_opt_pass(fma_data, context) {}

    /* As widening_mul's own gate, which -O1 does not pass. */
    bool gate(function *) final override {
        return flag_fp_contract_mode == FP_CONTRACT_FAST && flag_expensive_optimizations && optimize;
    }

    unsigned execute(function *fun) final override {
        basic_block block;
        FOR_EACH_BB_FN(block, fun) {
            for (gimple_stmt_iterator here = gsi_start_bb(block); !gsi_end_p(here); gsi_next(&here)) {
                gimple *statement = gsi_stmt(here);
                tree product = product_of(statement);
                if (!product || !may_fuse(product))
                    continue;
                location_t location = gimple_location(statement);
                std::string key = key_of(location);
                list_site("fma", key, function_of(location, fun), VECTOR_TYPE_P(TREE_TYPE(product)) ? "vector" : "scalar");
                if (!off.count("fma\t" + key))
                    continue;
                tree rounded = make_ssa_name(TREE_TYPE(product));
                gimple_set_lhs(statement, rounded);
                gassign *barrier = gimple_build_assign(product, PAREN_EXPR, rounded);
                gimple_set_location(barrier, location);
                gsi_insert_after(&here, barrier, GSI_NEW_STMT);
            }
        }
        return 0;
    }
};

const pass_data call_data = {GIMPLE_PASS, "bitfast_call", OPTGROUP_NONE, TV_NONE, PROP_ssa, 0, 0, 0,
                             TODO_update_ssa_only_virtuals};

struct call_pass : gimple_opt_pass {
    call_pass(gcc::context *context) : gimple_opt_pass(call_data, context) {}

    unsigned execute(function *fun) final override {
        basic_block block;
        FOR_EACH_BB_FN(block, fun) {
            for (gimple_stmt_iterator here = gsi_start_bb(block); !gsi_end_p(here); gsi_next(&here)) {
                gcall *call = dyn_cast<gcall *>(gsi_stmt(here));
                tree callee = call ? gimple_call_fndecl(call) : NULL_TREE;
                if (!callee || !DECL_NAME(callee) || !TREE_PUBLIC(callee))
                    continue;
                std::string name = IDENTIFIER_POINTER(DECL_ASSEMBLER_NAME(callee));
                if (!names.count(name))
                    continue;
                location_t location = gimple_location(call);
                std::string key = key_of(location) + ":" + name;
                list_site("call", key, function_of(location, fun), name.c_str());
                if (!off.count("call\t" + key))
                    continue;
                std::string portable = "bitfast_" + name;
                tree other = build_fn_decl(portable.c_str(), TREE_TYPE(callee));
                TREE_NOTHROW(other) = 1;
                TREE_READONLY(other) = TREE_READONLY(callee); /* as pure as before: no virtual operands appear */
                DECL_PURE_P(other) = DECL_PURE_P(callee);
                gimple_call_set_fndecl(call, other);
                update_stmt(call);
                cgraph_edge *edge = cgraph_node::get(fun->decl) ? cgraph_node::get(fun->decl)->get_edge(call) : NULL;
                if (edge)
                    edge->redirect_callee(cgraph_node::get_create(other));
            }
        }
        return 0;
    }
};

void read_lines(const char *path, std::set<std::string> &into) {
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, file)) > 0;)
        into.insert(std::string(line, line[length - 1] == '\n' ? length - 1 : length));
    free(line);
    fclose(file);
}

} // namespace

int plugin_init(plugin_name_args *arguments, plugin_gcc_version *version) {
    if (!plugin_default_version_check(version, &gcc_version)) {
        fprintf(stderr, "bitfast: the plugin was built for another GCC\n");
        return 1;
    }
    for (int i = 0; i < arguments->argc; i++) {
        std::string key = arguments->argv[i].key;
        if (key == "list")
            list_path = arguments->argv[i].value;
        else if (key == "off")
            read_lines(arguments->argv[i].value, off);
        else if (key == "names")
            read_lines(arguments->argv[i].value, names);
    }
    register_pass_info fma = {new fma_pass(g), "widening_mul", 1, PASS_POS_INSERT_BEFORE};
    register_callback(arguments->base_name, PLUGIN_PASS_MANAGER_SETUP, NULL, &fma);
    register_pass_info call = {new call_pass(g), "ssa", 1, PASS_POS_INSERT_AFTER};
    register_callback(arguments->base_name, PLUGIN_PASS_MANAGER_SETUP, NULL, &call);
    return 0;
}
