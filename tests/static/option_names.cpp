// Names that users of other libraries write: each is told what it is called here, and costs nothing.
#include <lamina/lamina.hpp>

#include <type_traits>

namespace ln = lamina;
namespace problem = lamina::problem;

namespace {

using Options = ln::FitOptions<ln::data::Images>;

template <class Field, template <class> class Name>
constexpr bool is_told = std::is_same_v<Field, problem::misnamed<Name>>;
static_assert(is_told<decltype(Options::epoch), problem::epoch>);
static_assert(is_told<decltype(Options::batch_size), problem::batch_size>);
static_assert(is_told<decltype(Options::lr), problem::lr>);
static_assert(is_told<decltype(Options::learning_rate), problem::lr>);
static_assert(is_told<decltype(Options::shuffle), problem::shuffle>);
static_assert(is_told<decltype(Options::weight_decay), problem::weight_decay>);
static_assert(is_told<decltype(Options::validation_data), problem::validation_data>);
static_assert(is_told<decltype(Options::validation_split), problem::validation_split>);
static_assert(is_told<decltype(Options::early_stopping), problem::early_stopping>);
static_assert(is_told<decltype(Options::callbacks), problem::callbacks>);
static_assert(is_told<decltype(Options::verbose), problem::verbose>);

static_assert(is_told<decltype(ln::SGD::lr), problem::lr> && is_told<decltype(ln::Adam::lr), problem::lr> &&
              is_told<decltype(ln::AdamW::lr), problem::lr>);
static_assert(is_told<decltype(ln::SGD::weight_decay), problem::weight_decay> &&
              is_told<decltype(ln::Adam::weight_decay), problem::weight_decay>);
static_assert(is_told<decltype(ln::Adam::betas), problem::betas> &&
              is_told<decltype(ln::AdamW::betas), problem::betas>);
static_assert(is_told<decltype(ln::Adam::eps), problem::eps> &&
              is_told<decltype(ln::AdamW::eps), problem::eps>);

static_assert(sizeof(ln::SGD) == 3 * sizeof(double) && sizeof(ln::Adam) == 4 * sizeof(double) &&
              sizeof(ln::AdamW) == 5 * sizeof(double));
static_assert(std::is_aggregate_v<ln::SGD> && std::is_trivially_copyable_v<ln::Adam>);
static_assert(ln::SGD{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}.momentum == 0.9);

} // namespace
