// Whether a plan that is made at run time, from lists that grow, is that which is made while compiling, from
// arrays.
#pragma once

#include <lamina/core.hpp>
#include <lamina/dynamic/plan.hpp>

#include <doctest/doctest.h>

namespace same_plan {

namespace ln = lamina;
namespace topology = ln::topology;
namespace dynamic = ln::dynamic;

inline bool is_same(const topology::Operation& a, const topology::Operation& b) {
    return a.element == b.element && a.sum == b.sum && a.activation == b.activation && a.pool == b.pool &&
           a.addend == b.addend && a.first == b.first && a.output == b.output;
}
inline bool is_same(const topology::StoredValue& a, const topology::StoredValue& b) {
    return a.halo == b.halo && a.order == b.order && a.gradient_halo == b.gradient_halo &&
           a.extent == b.extent && a.gradient_extent == b.gradient_extent && a.offset == b.offset &&
           a.gradient_offset == b.gradient_offset && a.inside == b.inside && a.first == b.first &&
           a.gradient_inside == b.gradient_inside && a.gradient_first == b.gradient_first &&
           a.is_computed_again == b.is_computed_again;
}
inline bool is_same(const topology::OperationMemory& a, const topology::OperationMemory& b) {
    return a.scratch_extent == b.scratch_extent && a.scratch_offset == b.scratch_offset &&
           a.saved_offset == b.saved_offset && a.gathered_offset == b.gathered_offset &&
           a.gathered_gradient_offset == b.gathered_gradient_offset;
}

/// The same elements in a table that grows.
inline dynamic::Table copy_table(const topology::Element* elements, const int* inputs, int count,
                                 const ln::dims& shape, int result) {
    dynamic::Table table;
    table.shape = shape;
    table.result = result;
    for (int e = 0; e < count; ++e)
        table.append(elements[e], inputs + elements[e].first_input, elements[e].inputs);
    return table;
}
template <class Table>
dynamic::Table copy(const Table& t) {
    return copy_table(t.elements, t.inputs, t.count, t.shape, t.result);
}

/// A plan of a pass, as it is after compilation.
struct Compiled {
    int count, values;
    const topology::Operation* all;
    const int *stored_in, *made_by, *last_reader, *last_stored;
    const topology::StoredValue* stored;
    const topology::OperationMemory* memory;
    long long values_extent, extent;
    int gathered_extent;

    Compiled(const auto& ops, const auto& workspace, int values_)
        : count{ops.count}, values{values_}, all{ops.all}, stored_in{ops.stored_in}, made_by{ops.made_by},
          last_reader{ops.last_reader}, last_stored{ops.last_stored}, stored{workspace.values},
          memory{workspace.operations}, values_extent{workspace.values_extent}, extent{workspace.extent},
          gathered_extent{workspace.gathered_extent} {}
};
inline void check_plan(const dynamic::Plan& plan, const Compiled& expected) {
    REQUIRE(plan.operations.count == expected.count);
    for (int v = 0; v < expected.values; ++v) {
        CHECK(plan.operations.stored_in[v] == expected.stored_in[v]);
        CHECK(plan.operations.made_by[v] == expected.made_by[v]);
        CHECK(plan.operations.last_reader[v] == expected.last_reader[v]);
        CHECK(plan.operations.last_stored[v] == expected.last_stored[v]);
        CHECK(is_same(plan.workspace.values[v], expected.stored[v]));
    }
    for (int op = 0; op < expected.count; ++op) {
        CHECK(is_same(plan.operations.all[op], expected.all[op]));
        CHECK(is_same(plan.workspace.operations[op], expected.memory[op]));
    }
    CHECK(plan.workspace.values_extent == expected.values_extent);
    CHECK(plan.workspace.extent == expected.extent);
    CHECK(plan.workspace.gathered_extent == expected.gathered_extent);
}
inline void check_training(const dynamic::Table& table, bool input_gradient,
                           const topology::OperationNeeds* needs, const Compiled& expected) {
    check_plan(dynamic::plan_training(table, input_gradient,
                                      [&](const dynamic::Flow&, int op) { return needs[op]; }),
               expected);
}

template <class Plan, bool InputGradient>
void check_training(const dynamic::Table& table) {
    using F = typename Plan::Training;
    static constexpr auto& workspace = Plan::template training<InputGradient>;
    static constexpr auto needs = topology::needs_of<F, InputGradient>();
    check_training(table, InputGradient, needs.of, {F::operations, workspace, F::values});
}
template <class Plan>
void check() {
    using F = typename Plan::Inference;
    const dynamic::Table table = copy(Plan::Inferred::table);
    static constexpr auto &packs = Plan::template inference<topology::Samples::pack>,
                          &one = Plan::template inference<topology::Samples::one>;
    check_plan(dynamic::plan_inference(table, topology::Samples::pack), {F::operations, packs, F::values});
    check_plan(dynamic::plan_inference(table, topology::Samples::one), {F::operations, one, F::values});
    check_training<Plan, false>(table);
    check_training<Plan, true>(table);
}

/// The operation at which a pass is too large, and what an operation reads.
template <class Plan>
void check_faults(topology::Fusion fusion) {
    using I = typename Plan::Inference;
    using T = typename Plan::Training;
    const dynamic::Table table = copy(Plan::Inferred::table);
    const dynamic::Plan packs = dynamic::plan_inference(table, topology::Samples::pack, fusion),
                        one = dynamic::plan_inference(table, topology::Samples::one, fusion);
    static constexpr auto needs = topology::needs_of<T, true>();
    const dynamic::Plan training = dynamic::plan_training(
        table, true,
        [&](const dynamic::Flow& flow, int op) {
            for (int k = -1; k < flow.inputs(op); ++k)
                if (k >= 0 || flow.operations.all[op].addend >= 0)
                    CHECK(flow.adds(op, k) == T::flow.adds(op, k));
            CHECK(flow.facts(op).name == T::flow.facts(op).name);
            return needs.of[op];
        },
        fusion);
    CHECK(training.flow(table).segments() == T::flow.segments());
    for (const long long most : {packs.workspace.extent, packs.workspace.extent / 2, 1LL}) {
        const topology::TooMany found = topology::too_many_values(packs.flow(table), packs.workspace,
                                                                  one.workspace, most),
                                expected = topology::too_many_values(
                                    I::flow, Plan::template inference<topology::Samples::pack>,
                                    Plan::template inference<topology::Samples::one>, most);
        CHECK(found.operation == expected.operation);
        CHECK(found.extent == expected.extent);
    }
    for (const long long most : {training.workspace.extent, training.workspace.extent - 1, 1LL}) {
        const topology::TooMany found = topology::too_many_in_training(training.flow(table),
                                                                       training.workspace, most),
                                expected = topology::too_many_in_training(
                                    T::flow, Plan::template training<true>, most);
        CHECK((found.operation >= 0) == (most < training.workspace.extent));
        CHECK(found.operation == expected.operation);
        CHECK(found.extent == expected.extent);
    }
}

} // namespace same_plan
